/** Names that the command line needs too, so this file imports nothing of the CDK. */

/** Name of a dashboard, which cannot contain dots. */
export const dashboardNameOf = (name: string, which: 'flow' | 'parts'): string =>
  `${name.replaceAll('.', '-')}-${which}`;

/** The anchor of a Markdown heading. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
