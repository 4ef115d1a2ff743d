/** The links of recordings and exports in RealtimeKit's bodies, in every shape that was seen or may come. */
import { REALTIMEKIT_TYPES } from '../../../test/support/event-types';
import { eventIn, eventOf as eventOfProvider } from '../../../test/support/normalized';

const eventOf = (event: string, body: unknown) => eventOfProvider('realtimekit', event, body);

describe('links of a recording', () => {
  const downloadOf = (recording: object) =>
    eventOf('recording.statusUpdate', { recording: { id: 'r', status: 'UPLOADED', ...recording } }).data.download;
  const url = (name: string) => `https://files.example.org/${name}`;

  it('are the files of a track recording, one by one, with what it is', () => {
    const made = eventOf('recording.statusUpdate', {
      recording: {
        id: 'r',
        status: 'UPLOADED',
        type: 'TRACK',
        downloadUrlExpiry: '2026-11-27T10:30:00.000Z',
        downloadUrl: [
          {
            layer_name: 'default',
            download_urls: { 'one.webm': { download_url: url('1') }, 'two.webm': { download_url: url('2') } },
          },
          { layer_name: 'other', download_urls: { 'three.webm': { download_url: url('3') } } },
        ],
      },
    });
    expect(made.type).toBe('recording.ready');
    expect(made.data.recording).toEqual({ id: 'r', type: 'TRACK' });
    expect(made.data.download).toEqual({
      files: [
        { name: 'one.webm', layer: 'default', url: url('1') },
        { name: 'two.webm', layer: 'default', url: url('2') },
        { name: 'three.webm', layer: 'other', url: url('3') },
      ],
      expiresat: '2026-11-27T10:30:00.000Z',
    });
  });

  it.each<[string, object, object | undefined]>([
    ['one text', { downloadUrl: url('a') }, { url: url('a') }],
    ['a name with underscores', { download_url: url('a') }, { url: url('a') }],
    ['two names, one of them empty', { downloadUrl: null, download_url: url('a') }, { url: url('a') }],
    [
      'all names with underscores',
      { download_url: url('a'), audio_download_url: url('b'), download_url_expiry: '2026-11-27 10:30:00+00' },
      { url: url('a'), audiourl: url('b'), expiresat: '2026-11-27T10:30:00.000Z' },
    ],
    [
      'links by format',
      { downloadUrl: { mp4: url('a'), webm: url('b') } },
      {
        files: [
          { name: 'mp4', url: url('a') },
          { name: 'webm', url: url('b') },
        ],
      },
    ],
    ['a list of texts', { downloadUrl: [url('a'), url('b')] }, { files: [{ url: url('a') }, { url: url('b') }] }],
    [
      'texts by layer',
      { downloadUrl: [{ layer_name: 'x', download_urls: [url('a')] }] },
      { files: [{ layer: 'x', url: url('a') }] },
    ],
    [
      'a text and files of the sound',
      { downloadUrl: url('a'), audioDownloadUrl: { mp3: url('b') } },
      { url: url('a'), files: [{ name: 'mp3', url: url('b') }] },
    ],
    [
      'files under a name with underscores',
      { download_url: { 'a.webm': { downloadUrl: url('a') } } },
      { files: [{ name: 'a.webm', url: url('a') }] },
    ],
    [
      'names with other capitals, or in the plural',
      { DownloadURL: url('a'), 'audio-download-urls': [url('b')], downloadURLExpiry: 1_795_775_400 },
      { url: url('a'), files: [{ url: url('b') }], expiresat: '2026-11-27T10:30:00.000Z' },
    ],
    [
      'objects that name their file',
      {
        download_urls: [{ name: 'a.webm', url: url('a') }, { file_name: 'b.webm', link: url('b') }, { name: url('c') }],
      },
      {
        files: [
          { name: 'a.webm', url: url('a') },
          { name: 'b.webm', url: url('b') },
          { name: 'name', url: url('c') },
        ],
      },
    ],
    [
      'a text that holds a list',
      { downloadUrl: JSON.stringify([{ layer_name: 'x', download_urls: { a: { download_url: url('a') } } }]) },
      { files: [{ name: 'a', layer: 'x', url: url('a') }] },
    ],
    ['nothing', {}, undefined],
    ['an empty text', { downloadUrl: '' }, undefined],
    ['an empty list', { downloadUrl: [] }, undefined],
    ['no links at all', { downloadUrl: [{ layer_name: 'x', download_urls: { a: 7, b: null, c: 'soon' } }] }, undefined],
    ['a number', { downloadUrl: 7 }, undefined],
    ['an expiry without a link', { downloadUrlExpiry: '2026-11-27T10:30:00.000Z' }, undefined],
  ])('are read from %s', (_name, recording, download) => {
    expect(downloadOf(recording)).toEqual(download);
  });

  it('cost no event, however deep they are nested', () => {
    const deep = `${'{"a":'.repeat(5_000)}"${url('a')}"${'}'.repeat(5_000)}`;
    const text = `{"recording":{"id":"r","status":"UPLOADED","downloadUrl":${deep}}}`;
    expect(eventIn('realtimekit', 'recording.statusUpdate', text)).toMatchObject({ type: 'recording.ready' });
  });

  it.each([
    ['meeting.chatSynced', 'chatDownloadUrl', { meetingId: 'm' }],
    ['meeting.transcript', 'transcriptDownloadUrl', { meeting: { id: 'm' } }],
    ['meeting.summary', 'summaryDownloadUrl', { meeting: { id: 'm' } }],
  ])('and those of %s may have any shape too', (event, name, body) => {
    const made = (link: unknown) => eventOf(event, { ...body, [name]: link });
    expect(made({ csv: url('a') }).data.download).toEqual({ files: [{ name: 'csv', url: url('a') }] });
    expect(made(7).type).toBe(REALTIMEKIT_TYPES[event]);
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    expect(eventOf(event, { ...body, [snake]: url('a') }).data.download).toEqual({ url: url('a') });
  });
});
