import { type MeetingOptions, playSeed, type SampleDelivery } from '../../kit/sandbox/delivery';
import { recallBody, recallRoute } from './bodies';
import { MEDIA_OBJECTS, type RecallOptions } from './objects';

/** An event of one bot, with its special values. */
type Step = readonly [event: string, special?: Pick<RecallOptions, 'participant' | 'subCode' | 'text'>];

/** How long after one delivery the next one is sent. */
const STEP_MS = 10_000;

const HOST = { id: 100, name: 'Guest One', is_host: true };
const GUEST = { id: 200, name: 'Guest Two', is_host: false };

const eachMedia = (code: string): Step[] => MEDIA_OBJECTS.map((media) => [`${media}.${code}`]);

/** The first bot breaks down while it records: all that it captured is lost. */
const FIRST_BOT: readonly Step[] = [
  ['bot.joining_call'],
  ['bot.in_call_recording'],
  ['recording.processing'],
  ...eachMedia('processing'),
  ...eachMedia('failed'),
  ['recording.failed'],
  ['bot.fatal'],
];

/** The second bot waits, is refused once, records the meeting to its end, and its recording is deleted in the end. */
const SECOND_BOT: readonly Step[] = [
  ['bot.joining_call'],
  ['bot.in_waiting_room'],
  ['bot.in_call_not_recording'],
  ['bot.recording_permission_denied'],
  ['bot.recording_permission_allowed'],
  ['bot.in_call_recording'],
  ['recording.processing'],
  ...eachMedia('processing'),
  ['realtime_endpoint.running'],
  ['participant_events.join', { participant: HOST }],
  ['participant_events.join', { participant: GUEST }],
  ['participant_events.update', { participant: { ...GUEST, email: 'guest.two@example.com' } }],
  ['participant_events.webcam_on', { participant: HOST }],
  ['participant_events.speech_on', { participant: HOST }],
  ['transcript.partial_data', { participant: HOST, text: 'Good morning and' }],
  ['transcript.data', { participant: HOST, text: 'Good morning and thank you for coming' }],
  ['participant_events.speech_off', { participant: HOST }],
  ['participant_events.screenshare_on', { participant: GUEST }],
  ['participant_events.chat_message', { participant: GUEST, text: 'Can everybody see the first slide?' }],
  ['transcript.data', { participant: GUEST, text: 'Here are the numbers of the last quarter' }],
  ['participant_events.screenshare_off', { participant: GUEST }],
  ['participant_events.webcam_off', { participant: HOST }],
  ['participant_events.leave', { participant: GUEST }],
  ['participant_events.leave', { participant: HOST }],
  ['bot.call_ended'],
  ['realtime_endpoint.done'],
  ...eachMedia('done'),
  ['recording.done'],
  ['bot.done'],
  ...eachMedia('deleted'),
  ['recording.deleted'],
];

/**
 * The deliveries of one whole meeting with Recall, in the order in which they are sent.
 *
 * Two bots take part, so that success and failure of everything happen in one meeting.
 */
export function recallMeeting(options: MeetingOptions): SampleDelivery[] {
  const { start } = options;
  const seed = playSeed(options);
  const steps = [
    ...FIRST_BOT.map((step) => ({ step, bot: 'first-bot' })),
    ...SECOND_BOT.map((step) => ({ step, bot: 'second-bot' })),
  ];
  return steps.map(({ step: [event, special], bot }, index) => {
    const at = new Date(start.getTime() + index * STEP_MS);
    const body = recallBody(event, { seed: `${seed}/${bot}`, at, start, ...special });
    return { route: recallRoute(event), event, body, at };
  });
}
