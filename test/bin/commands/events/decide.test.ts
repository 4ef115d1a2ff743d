/** Which deliveries of an archive go to subscribers today, by what proved them. */
import { type DecidingProvider, decide } from '../../../../bin/commands/events/decide';
import type { ArchivedDelivery } from '../../../../bin/commands/events/delivery-of';
import { EVERYONE } from '../../../../providers/kit/trusted';
import type { ProviderRuntime } from '../../../../providers/runtime';

/** A provider whose events are all the start of a meeting; a token alone proves `live`. */
const runtime = {
  eventNameOf: (body) => (body as { event?: string }).event,
  typeOf: () => 'meeting.started',
  isProvedByToken: (event) => event === 'live',
  groupOf: () => 'm1',
  normalize: (_body, event) => (event === 'other' ? undefined : { type: 'meeting.started' }),
  organizationsIn: (body) => (body as { organizations?: string[] }).organizations ?? [],
} as Partial<ProviderRuntime> as ProviderRuntime;

const verdictOf = (body: object, delivery: Partial<ArchivedDelivery>, provider: Partial<DecidingProvider> = {}) =>
  decide(
    { runtime, trusted: [], ...provider },
    { reason: 'unknown_event_name', proof: 'signature', ...delivery } as ArchivedDelivery,
    Buffer.from(JSON.stringify(body)),
  ).verdict;

const SENT = { becomes: 'meeting.started', family: 'meeting', groupId: 'm1' };

it('leaves a delivery of a provider that it does not know', () => {
  const { verdict } = decide(undefined, { proof: 'signature' } as ArchivedDelivery, Buffer.from('{}'));
  expect(verdict).toEqual({ leftAside: 'not_understood' });
});

it.each([
  ['signature', 'dashboard', SENT],
  ['jwt', 'dashboard', SENT],
  ['token', 'live', SENT],
  ['token', 'dashboard', { leftAside: 'signature_required' }],
  ['signature', 'other', { leftAside: 'not_understood' }],
] as const)('what a %s proved, of the name %s', (proof, event, verdict) => {
  expect(verdictOf({ event }, { proof })).toEqual(verdict);
});

it.each([
  ['no trusted organization', ['a'], [], 'sender_not_proved'],
  ['its organization', ['a'], ['a'], undefined],
  ['another organization', ['a'], ['b'], 'sender_not_proved'],
  ['one of its organizations', ['a', 'b'], ['a'], 'sender_not_proved'],
  ['everyone, and no organization of its own', [], [EVERYONE], undefined],
] as const)('a sender that was not proved, with %s', (_, organizations, trusted, leftAside) => {
  const expected = leftAside ? { leftAside } : SENT;
  for (const reason of ['sender_not_proved', 'sender_not_named']) {
    expect(verdictOf({ event: 'live', organizations }, { reason }, { trusted })).toEqual(expected);
  }
});

it.each([
  ['signature', SENT],
  ['token', { leftAside: 'signature_required' }],
  ['sender_not_proved', { leftAside: 'sender_not_proved' }],
] as const)('an event of an older version that is taken for %s', (proof, verdict) => {
  const older = { proofOfOlderEvent: () => proof };
  expect(verdictOf({ event: 'dashboard' }, { proof: undefined }, older)).toEqual(verdict);
  // The provider is asked only where the event does not say it.
  expect(verdictOf({ event: 'dashboard' }, { proof: 'signature' }, older)).toEqual(SENT);
});

it('an event of an older version, of a provider that says nothing about those', () => {
  expect(verdictOf({ event: 'dashboard' }, { proof: undefined })).toEqual(SENT);
});
