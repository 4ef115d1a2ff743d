import { didYouMean } from '../../bin/did-you-mean';
import { MEETING_EVENT_TYPES } from '../../events';
import { recallSamples } from '../../samples/recall';

it.each([
  ['bot.don', Object.keys(recallSamples), 'Did you mean bot.done?'],
  ['recording.redy', MEETING_EVENT_TYPES, 'Did you mean recording.ready?'],
  ['Transcript', ['bot', 'transcript'], 'Did you mean transcript?'],
  ['sign-secret', ['signing-secret', 'token'], 'Did you mean signing-secret?'],
  ['bat', ['bot', 'bit', 'zoo'], 'Did you mean bot or bit?'],
  ['zebra', ['bot', 'transcript'], ''],
  ['', ['bot'], ''],
  ['x', [], ''],
])('%j among %j: %j', (word, names, question) => {
  expect(didYouMean(word, names)).toBe(question);
});
