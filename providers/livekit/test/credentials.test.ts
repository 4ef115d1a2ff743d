/** What is cut out of LiveKit's bodies before anybody sees them. */
import { readRaw } from '../../../lambdas/publish/raw';
import { CREDENTIAL_MEMBERS } from '../credentials';
import { livekitSamples } from '../sandbox';
import { livekitVariants } from '../sandbox/variants';

const rawOf = (body: unknown) => {
  const raw = readRaw(Buffer.from(JSON.stringify(body)), CREDENTIAL_MEMBERS)?.inline;
  return raw && 'raw' in raw ? raw.raw : undefined;
};

/** Credentials in the variants, by hand. */
const HIDDEN = [
  ...['an-access-key', 'a-secret-of-storage', 'a-session-token', 'an-external-id', 'an-account-key', 'a-private-key'],
  ...['a-password', 'an-api-key', 'a-stream-key-of-somebody', 'a-token-of-somebody', 'a-secret-of-somebody'],
  ...['a-password-of-somebody', 'token=a', '{str...key}', '{secret}'],
];

it('has a variant with each of these credentials', () => {
  const everything = JSON.stringify([livekitSamples, livekitVariants]);
  expect(HIDDEN.filter((text) => !everything.includes(text))).toEqual([]);
});

it.each([...Object.entries(livekitSamples), ...livekitVariants.map(({ name, body }) => [name, body] as const)])(
  'no credential is left in %s',
  (_name, body) => {
    const text = JSON.stringify(rawOf(body));
    expect(HIDDEN.filter((hidden) => text.includes(hidden))).toEqual([]);
  },
);

it('cuts stream keys and storage out, and nothing around them', () => {
  const egressInfo = {
    egressId: 'EG_1',
    error: 'cannot reach rtmp://a.example.org/app/key-1: refused',
    roomComposite: {
      layout: 'grid',
      streamOutputs: [{ protocol: 'RTMP', urls: ['rtmp://a.example.org/app/key-1', 'mux://key-2'] }],
      fileOutputs: [{ filepath: 'a.mp4', s3: { accessKey: 'AKIA', secret: 'storage', region: 'eu', bucket: 'b' } }],
    },
    streamResults: [{ url: 'rtmp://a.example.org/app/key-1', status: 'FAILED' }],
    fileResults: [{ filename: 'a.mp4', location: 'https://b.example.org/a.mp4' }],
  };
  expect(rawOf({ event: 'egress_ended', egressInfo })).toEqual({
    event: 'egress_ended',
    egressInfo: {
      egressId: 'EG_1',
      error: 'cannot reach : refused',
      roomComposite: {
        layout: 'grid',
        streamOutputs: [{ protocol: 'RTMP' }],
        fileOutputs: [{ filepath: 'a.mp4', s3: { region: 'eu', bucket: 'b' } }],
      },
      streamResults: [{ status: 'FAILED' }],
      fileResults: [{ filename: 'a.mp4', location: 'https://b.example.org/a.mp4' }],
    },
  });
});

it('cuts out the address of a template, like that of a page', () => {
  const egressInfo = {
    egressId: 'EG_1',
    roomComposite: { layout: 'grid', customBaseUrl: 'https://a.example.org/?k=hidden' },
  };
  expect(rawOf({ event: 'egress_started', egressInfo })).toEqual({
    event: 'egress_started',
    egressInfo: { egressId: 'EG_1', roomComposite: { layout: 'grid' } },
  });
});
