/**
 * How complex the wildcards of one field are. AWS refuses a rule whose wildcards could stand at too many places of a text
 * at once, because matching has to follow all of them.
 *
 * The measure is that of AWS's open-source Event Ruler: the greatest number of beginnings of the wildcards that one text
 * can match at the same time. `*ab` has two for the text `ab`: `*` and `*ab`.
 */

/**
 * The highest complexity that a rule may have. AWS does not publish it. Event Ruler's documentation advises 10 for a single
 * rule; AWS is known to refuse 11 (`*:*:*:*:*:event-bus/*`) and 12, and to take 9.
 */
const MAX_COMPLEXITY = 10;

/** Stands for a `*` among the characters of a wildcard. */
const STAR = Symbol('star');
type Token = string | typeof STAR;

/** The wildcards of one match expression: one for `wildcard`, several where `anything-but` lists them. */
export type Wildcards = readonly string[];

/** How far a text has come in a wildcard: it matches everything before `next`. */
interface Place {
  /** Number of what has been matched. Equal beginnings of one expression have one number, and so count once. */
  readonly beginning: number;
  /** What the wildcard wants next; undefined at its end. */
  readonly next: Token | undefined;
  /** Whether it stands after a `*`, so that any character leaves it where it is. */
  readonly stays: boolean;
  /** The place one token further on. */
  readonly following: Place | undefined;
}

/**
 * Whether AWS would refuse a rule for these wildcards, which all belong to one field. Each must be well-formed.
 *
 * @param expressions by their JSON text: one that stands twice counts once
 */
export function isTooComplex(expressions: ReadonlyMap<string, Wildcards>): boolean {
  const numbers = new Map<string, number>();
  const starts = [...expressions].flatMap(([text, wildcards]) =>
    wildcards.map((wildcard) => startOf(wildcard, numberOf(numbers, text), numbers)),
  );
  const seen = new Set<string>();
  const open = [new Set(starts.flatMap(placesAt))];
  for (let places = open.pop(); places; places = open.pop()) {
    // A star asks for no character of its own: undefined stands for one that no wildcard asks for.
    for (const character of new Set([...places].map(({ next }) => (next === STAR ? undefined : next)))) {
      const reached = new Set([...places].flatMap((place) => after(place, character)));
      const beginnings = [...new Set([...reached].map(({ beginning }) => beginning))];
      if (beginnings.length > MAX_COMPLEXITY) return true;
      const key = beginnings.join();
      if (!seen.has(key)) open.push(reached);
      seen.add(key);
    }
  }
  return false;
}

function startOf(wildcard: string, owner: number, numbers: Map<string, number>): Place {
  const tokens = (wildcard.match(/\\?./gs) ?? []).map((part): Token => (part === '*' ? STAR : part.at(-1)!));
  const beginnings = [owner];
  for (const token of tokens) {
    beginnings.push(numberOf(numbers, `${beginnings.at(-1)} ${token === STAR ? 'any' : token}`));
  }
  let place: Place | undefined;
  for (let at = tokens.length; at >= 0; at--) {
    place = { beginning: beginnings[at]!, next: tokens[at], stays: tokens[at - 1] === STAR, following: place };
  }
  return place!;
}

function numberOf(numbers: Map<string, number>, text: string): number {
  const number = numbers.get(text) ?? numbers.size;
  numbers.set(text, number);
  return number;
}

/** A `*` also stands for nothing, so that who reaches one has passed it too. */
function placesAt(place: Place): Place[] {
  return place.next === STAR ? [place, place.following!] : [place];
}

/** @param character undefined for one that no wildcard asks for */
function after(place: Place, character: Token | undefined): Place[] {
  const passed = character !== undefined && place.next === character ? placesAt(place.following!) : [];
  return place.stays ? [place, ...passed] : passed;
}
