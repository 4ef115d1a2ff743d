/** Members of Zoom payloads that hold credentials. */

/**
 * Names of the members. `download_token` opens the download links for a day. A passcode opens the meeting or its recording, and a join URL
 * usually contains it. A start URL makes its reader the host. `server_urls` and `signature` lead to the live media. The last ones are in
 * events that Meetbus does not recognize: keys and PINs of users, and a token of an account's archive.
 */
export const CREDENTIAL_MEMBERS: readonly string[] = [
  'download_token',
  'download_access_token',
  'password',
  'passcode',
  'recording_play_passcode',
  'join_url',
  'start_url',
  'server_urls',
  'signature',
  'stream_key',
  'meeting_url',
  'host_key',
  'pmi_password',
  'leader_pin',
  'participant_pin_code',
  'authorized_channel_token',
];
