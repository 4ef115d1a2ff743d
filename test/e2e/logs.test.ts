/** No secret stands in a log. Every stop of a Meetbus looks for those that it was handed; here it is shown that it finds them. */
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { realtimekitBody } from '../../providers/realtimekit/sandbox';
import { recallBody } from '../../providers/recall/sandbox';
import type { HttpDelivery } from '../support/http';
import { putRecallSecret, RealtimeKit, Recall, startWorld } from '../support/providers';
import { SeenSecrets } from '../support/seen-secrets';

const recall = new Recall();
const realtimekit = new RealtimeKit();

const header = ({ headers = {} }: HttpDelivery, name: string): string => String(headers[name]);
const signedByRecall = recall.signed({ event: 'bot.done' });
const signedByRealtimekit = realtimekit.signed({ event: 'meeting.started' });

describe('what a delivery brings', () => {
  const posted = (body: object): HttpDelivery => ({ path: '/realtimekit/webhooks', body: JSON.stringify(body) });

  it.each<[string, HttpDelivery, string]>([
    ['a signature of Recall.ai', signedByRecall, header(signedByRecall, 'webhook-signature').slice('v1,'.length)],
    ['a signature of RealtimeKit', signedByRealtimekit, header(signedByRealtimekit, 'rtk-signature')],
    ['the token of the URL', recall.withToken({}), recall.token],
    ['the token in the path of the URL', signedByRealtimekit, realtimekit.token],
    ['a stream key', posted({ a: [{ streamKey: 'a-stream-key-of-some-length' }] }), 'a-stream-key-of-some-length'],
    ['a download link', posted({ downloadUrl: 'https://example.com/1?sig=2' }), 'https://example.com/1?sig=2'],
    ['another', posted({ b: { audioDownloadUrl: 'https://example.com/3?sig=4' } }), 'https://example.com/3?sig=4'],
    ['a third', posted({ chatDownloadUrl: 'https://example.com/5?sig=6' }), 'https://example.com/5?sig=6'],
  ])('is looked for: %s', (_, delivery, secret) => {
    const seen = new SeenSecrets();
    seen.addDelivery(delivery);
    expect(seen.linesIn(Buffer.from(`first\n{"x":"${secret}"}\nlast`))).toEqual([`{"x":"${secret}"}`]);
    expect(seen.linesIn(Buffer.from('first\nlast'))).toEqual([]);
  });
});

it('every secret in Secrets Manager is looked for', () => {
  const seen = new SeenSecrets();
  seen.addAll(recall.secretValue);
  const { secret, token } = recall;
  const bytes = secret.slice('whsec_'.length);
  expect(seen.linesIn(Buffer.from(`${bytes}\n${token}`))).toEqual([bytes, token]);
});

/** Each line about a delivery or an event tells which it is about, what became of it, and how long that took. */
function expectIdsAndTimes(log: string): void {
  const lines = [...log.matchAll(/^\S+ (\{.*\})$/gm)].map(
    ([, text = '']) => JSON.parse(text) as Record<string, unknown>,
  );
  const told = lines.filter(({ message }) => message === 'delivery' || message === 'event');
  expect(new Set(told.map(({ message }) => message)).size).toBe(2);
  for (const line of told) {
    expect(line).toMatchObject({ correlationId: expect.any(String), outcome: expect.any(String) });
    expect(line.milliseconds).toBeGreaterThanOrEqual(0);
    if (line.message === 'delivery' && !['accepted', 'duplicate'].includes(String(line.outcome))) continue;
    expect(line).toMatchObject({
      eventId: expect.any(String),
      deliveryId: expect.any(String),
      providerEvent: expect.any(String),
    });
  }
}

describe('a Meetbus that had traffic', () => {
  async function run(needle: (recall: Recall) => string): Promise<void> {
    const world = await startWorld();
    const { meetbus } = world;
    await putRecallSecret(meetbus, world.recall.secretValue);
    const deliveries = [
      world.recall.signed(recallBody('bot.done')),
      world.recall.withToken(recallBody('transcript.data')),
      world.recall.withToken(recallBody('transcript.data'), randomUUID()),
      world.realtimekit.signed(realtimekitBody('livestreaming.statusUpdate')),
      world.realtimekit.signed(realtimekitBody('recording.statusUpdate')),
      new RealtimeKit().signed(realtimekitBody('meeting.transcript')),
    ];
    for (const delivery of deliveries) await meetbus.post(delivery);
    await meetbus.settled();
    const log = meetbus.functionLog().toString();
    appendFileSync(`${meetbus.state}.log`, `{"text":"${needle(world.recall)}"}\n`);
    await world.close();
    expect(log).toContain('"outcome":"published"');
    expectIdsAndTimes(log);
  }

  it('stops when nothing has leaked', () => run(() => 'nothing'));

  it('stops with an error when a secret stands in what functions have logged', async () => {
    await expect(run(({ token }) => token)).rejects.toThrow(/^Meetbus logged secrets:\n\{"text":/);
  });
});
