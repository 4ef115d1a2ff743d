import { MEETING_EVENT_TYPES } from '@meetbus/events';
import { didYouMean } from '../../bin/did-you-mean';
import { recallSamples } from '../../providers/recall/sandbox';

it.each([
  ['bot.don', Object.keys(recallSamples), 'Did you mean bot.done?'],
  ['recording.redy', MEETING_EVENT_TYPES, 'Did you mean recording.ready?'],
  ['Transcript', ['bot', 'transcript'], 'Did you mean transcript?'],
  ['sign-secret', ['signing-secret', 'token'], 'Did you mean signing-secret?'],
  ['bat', ['bot', 'bit', 'zoo'], 'Did you mean bot or bit?'],
  ['bot.in_call', Object.keys(recallSamples), 'Did you mean bot.in_call_not_recording or bot.in_call_recording?'],
  [
    'sdk_upload.rec',
    Object.keys(recallSamples),
    'Did you mean sdk_upload.recording_started or sdk_upload.recording_ended?',
  ],
  ['REC', ['recall', 'zoom'], 'Did you mean recall?'],
  ['bot.', Object.keys(recallSamples), ''],
  ['r', ['recall', 'zoom'], ''],
  ['zebra', ['bot', 'transcript'], ''],
  ['', ['bot'], ''],
  ['x', [], ''],
])('%j among %j: %j', (word, names, question) => {
  expect(didYouMean(word, names)).toBe(question);
});
