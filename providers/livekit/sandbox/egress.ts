/** What LiveKit says about an egress. Credentials of storage are placeholders, as LiveKit sends them. */
import { type Chosen, type Members, nanoseconds, sid } from './ids';

const ROOM = 'quarterly-planning';
const FOLDER = 'https://recordings.example.org/quarterly-planning';

/** Statuses after which nothing more is stored. */
const OVER = ['EGRESS_COMPLETE', 'EGRESS_FAILED', 'EGRESS_ABORTED', 'EGRESS_LIMIT_REACHED'];
const FAILED = ['EGRESS_FAILED', 'EGRESS_ABORTED'];

const S3 = { accessKey: '{access_key}', secret: '{secret}', region: 'eu-central-1', bucket: 'recordings.example.org' };

/** What was asked for, by output. */
const REQUESTS: Readonly<Record<Chosen['output'], Members>> = {
  file: { fileOutputs: [{ fileType: 'MP4', filepath: 'quarterly-planning.mp4', s3: S3 }] },
  stream: { streamOutputs: [{ protocol: 'RTMP', urls: ['rtmps://live.example.org/app/{str...key}'] }] },
  segments: { segmentOutputs: [{ filenamePrefix: 'quarterly-planning', playlistName: 'index.m3u8', s3: S3 }] },
};

/** What came of it, by output. */
function resultsOf({ at, since, output }: Chosen, isStored: boolean): Members {
  const times = { startedAt: nanoseconds(since), ...(isStored && { endedAt: nanoseconds(at) }) };
  const stored = { ...times, duration: `${at.getTime() - since.getTime()}000000`, size: '48210733' };
  switch (output) {
    case 'stream':
      return { streamResults: [{ url: 'rtmps://live.example.org/app/{str...key}', ...times }] };
    case 'segments':
      return isStored
        ? {
            segmentResults: [
              { playlistName: 'index.m3u8', playlistLocation: `${FOLDER}/index.m3u8`, segmentCount: '12', ...stored },
            ],
          }
        : { segmentResults: [{ playlistName: 'index.m3u8', ...times }] };
    default:
      return isStored
        ? { fileResults: [{ filename: 'quarterly-planning.mp4', location: `${FOLDER}.mp4`, ...stored }] }
        : { fileResults: [{ filename: 'quarterly-planning.mp4', ...times }] };
  }
}

/** The egress of a room. Its first status is left out, as protobuf does with the first value of an enumeration. */
export function egressInfo(chosen: Chosen, status: string): Members {
  const { at, since, output } = chosen;
  const isOver = OVER.includes(status);
  return {
    egressId: sid(chosen, 'EG', output),
    roomId: sid(chosen, 'RM'),
    roomName: ROOM,
    ...(status !== 'EGRESS_STARTING' && { status }),
    startedAt: nanoseconds(since),
    ...(isOver && { endedAt: nanoseconds(at) }),
    updatedAt: nanoseconds(at),
    roomComposite: { roomName: ROOM, layout: 'grid', ...REQUESTS[output] },
    ...(status !== 'EGRESS_STARTING' && resultsOf(chosen, isOver && !FAILED.includes(status))),
    ...(FAILED.includes(status) && { error: 'Start signal not received', errorCode: 412 }),
  };
}
