/** Members of LiveKit's bodies that hold credentials. Sources: the messages of its protocol, where most are marked as secrets. */
export const CREDENTIAL_MEMBERS: readonly string[] = [
  // Storage of an egress. LiveKit replaces these by placeholders, but not in an automatic egress that could not start.
  'accessKey',
  'secret',
  'sessionToken',
  'assumeRoleExternalId',
  'credentials',
  'accountKey',
  // Its proxy.
  'password',
  // An RTMP or SRT address ends with the stream key, and a page to record may have a token in its address.
  'url',
  'websocketUrl',
  'customBaseUrl',
  'streamKey',
  // A webhook of its own for an egress: the name of an API key.
  'signingKey',
  // The room's.
  'turnPassword',
  'token',
];
