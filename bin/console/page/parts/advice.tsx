/** What to do, with its commands set apart, and with links to the sections of the runbook. */
import { anchorOf } from '../../../../lib/monitoring/names';
import { linkTo } from '../location';
import { Notice } from './notice';

/** A command ends with its sentence, or where the next thing to do begins. */
const PARTS = /(npx meetbus [^;,()]*?(?=[;,()]|\.(?:\s|$)|$)|docs\/runbook\.md#[\w-]+|docs\/runbook\.md, "[^"]+")/;

export const Advice = ({ text }: { readonly text: string }) => <>{text.split(PARTS).map(partOf)}</>;

/** Notes of a command, each with what to do. */
export const Notes = ({ texts }: { readonly texts: readonly string[] }) => (
  <>
    {texts.map((text) => (
      <Notice key={text} kind="note">
        <Advice text={text} />
      </Notice>
    ))}
  </>
);

function partOf(part: string, index: number) {
  if (index % 2 === 0) return part;
  if (part.startsWith('npx')) return <code key={index}>{part}</code>;
  const heading = /"(.+)"$/.exec(part)?.[1];
  const anchor = heading === undefined ? part.split('#')[1] : anchorOf(heading);
  return (
    <a key={index} href={linkTo('health', anchor)}>
      {heading ?? `runbook: ${anchor?.replaceAll('-', ' ')}`}
    </a>
  );
}
