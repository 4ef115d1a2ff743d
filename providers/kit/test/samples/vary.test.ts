import { ABSENT, vary } from '../../sandbox/vary';

const body = { event: 'sample', data: { bot: { id: 'a', metadata: {} }, words: [{ text: 'one' }] } };

describe('vary', () => {
  it('sets, adds and leaves out fields in a copy', () => {
    const before = structuredClone(body);
    expect(
      vary(body, { 'data.bot.id': null, 'data.bot.metadata': ABSENT, 'data.words.0.text': 'two', extra: 1 }),
    ).toStrictEqual({ event: 'sample', data: { bot: { id: null }, words: [{ text: 'two' }] }, extra: 1 });
    expect(body).toStrictEqual(before);
  });

  it.each([
    ['a path through nothing', { 'data.recording.id': 1 }, 'no object "recording"'],
    ['a path through text', { 'event.name': 1 }, 'no object "event"'],
    ['a missing field to leave out', { 'data.bot.name': ABSENT }, 'no field "data.bot.name"'],
  ])('refuses %s', (_name, changes, message) => {
    expect(() => vary(body, changes)).toThrow(message);
  });
});
