/** How IAM compares the patterns of a policy with the names of a request. */

/** Whether a text fits a pattern in which `*` stands for any characters and `?` for one. */
export function matchesWildcards(pattern: string, text: string): boolean {
  let [p, t] = [0, 0];
  // Where to go on when what follows the last `*` does not fit: the `*` then takes one character more.
  let [afterStar, retryAt] = [-1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') {
      p += 1;
      [afterStar, retryAt] = [p, t];
    } else if (pattern[p] === '?' || (p < pattern.length && pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (afterStar >= 0) {
      retryAt += 1;
      [p, t] = [afterStar, retryAt];
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(p));
}

/** Action names differ in no more than case from one another. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesWildcards(pattern.toLowerCase(), action.toLowerCase());
}

/** Compares ARNs part by part, so that no `*` reaches across a colon, save in the last part; `*` alone is any resource. */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const [patternParts, parts] = [partsOf(pattern), partsOf(arn)];
  return (
    patternParts.length === parts.length &&
    patternParts.every((part, index) => matchesWildcards(part, parts[index] ?? ''))
  );
}

/** The five parts before the resource, and the resource with whatever colons it has. */
function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
