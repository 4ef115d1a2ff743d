/** Checks that nothing secret comes out. */
import { memberWith, type StoredEntry, storedEntry } from '../kit/secret-form';
import { expectThat } from './check';
import { damaged, probes, received, type Sent, send, withHeaders } from './sending';
import type { Keys, Stage } from './stage';

/** A text that stands in bodies. */
const CONTENT = 'content-of-a-body-that-must-not-be-logged';

/** Shorter texts, such as a version or a name of a header, may stand in a log by chance. */
const MIN_SECRET_LENGTH = 8;

const LEVELS = ['debug', 'error', 'info', 'log', 'warn'] as const;

export async function silence(stage: Stage): Promise<void> {
  const secrets = new Set<string>([CONTENT]);
  const printed: string[] = [];
  const restore = captureConsole(printed);
  try {
    await makeTrouble(stage, secrets);
  } finally {
    restore();
  }
  expectThat(printed.length === 0, 'The runtime writes to the console. Use count and warn of the context.');
  const log = stage.log.join('\n');
  const leaked = [...secrets].filter((secret) => secret.length >= MIN_SECRET_LENGTH && log.includes(secret));
  expectThat(
    leaked.length === 0,
    'A secret, a token, a signature or a body stands in what the runtime logs, counts or throws. Tell names and reasons alone.',
  );
}

/** Every way in which a delivery may go wrong. */
async function makeTrouble(stage: Stage, secrets: Set<string>): Promise<void> {
  const unknown = stage.newKeys();
  for (const keys of [stage.keys, unknown]) addKeys(stage, keys, secrets);
  for (const [route, event] of probes(stage)) {
    const body = Buffer.from(
      JSON.stringify({ ...stage.sandbox.body(event, { seed: CONTENT, at: new Date(stage.now) }), content: CONTENT }),
    );
    const sent = send(stage, event, { body });
    const troubles = [
      sent,
      send(stage, event, { body: Buffer.from(CONTENT) }),
      send(stage, event, { body, keys: unknown }),
    ];
    for (const name of Object.keys(sent.headers))
      troubles.push(withHeaders(sent, { [name]: damaged(String(sent.headers[name])) }));
    for (const trouble of troubles) addDelivery(trouble, secrets);
    for (const isDown of [false, true]) {
      await stage.setDown(isDown);
      const verifier = stage.startVerifier();
      for (const trouble of troubles) {
        stage.wait(1_000);
        await verifier(route, received(stage, trouble));
      }
    }
    stage.secret = withBadEntries(stage);
    await stage.setDown(false);
    await stage.startVerifier()(route, received(stage, sent));
    await stage.publish(stage.keys);
  }
}

/** The secret with entries that cannot be used. */
const withBadEntries = (stage: Stage): object =>
  Object.fromEntries(
    Object.entries(stage.keys.secret).map(([name, entries]) => {
      const member = stage.memberNamed(name);
      const good = entries.map((entry) => storedEntry(member, entry));
      return [name, memberWith(member, [...good, ...badEntries(good)])];
    }),
  );

/** The first ones are long, short, and no text. The last one is a good entry whose name and value are swapped. */
const badEntries = (good: readonly (StoredEntry & { readonly value: string })[]): StoredEntry[] => [
  { name: 'long', value: `${CONTENT} !` },
  { name: 'short', value: CONTENT.slice(0, 9) },
  { name: 'number', value: 7 },
  ...good.flatMap(({ name, value }) => (name === undefined ? [] : [{ name: value, value: name.slice(0, 8) }])),
];

function addKeys(stage: Stage, keys: Keys, secrets: Set<string>): void {
  for (const value of stage.secretValuesOf(keys)) secrets.add(value);
  for (const line of keys.privateKey?.split('\n') ?? []) if (!line.startsWith('-----')) secrets.add(line);
}

function addDelivery({ headers, urlEnd }: Sent, secrets: Set<string>): void {
  for (const value of Object.values(headers)) secrets.add(String(value));
  secrets.add(urlEnd);
}

/** Takes what is written to the console, until the function that it returns is called. */
function captureConsole(printed: string[]): () => void {
  const before = LEVELS.map((level) => console[level]);
  for (const level of LEVELS) console[level] = (...parts: unknown[]) => void printed.push(parts.map(String).join(' '));
  return () => {
    LEVELS.forEach((level, index) => {
      const original = before[index];
      if (original) console[level] = original;
    });
  };
}
