import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

/** How long every piece of these media is. */
export const MEDIA_SECONDS = 60;

const picture = ['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=12:duration=${MEDIA_SECONDS}`];
/** A tone that climbs and falls, so that whoever looks at its frequencies sees something move. */
const sound = [
  '-f',
  'lavfi',
  '-i',
  `aevalsrc=0.5*sin(2*PI*t*(900+700*sin(t))):duration=${MEDIA_SECONDS}`,
];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '24', '-pix_fmt', 'yuv420p'];
const aac = ['-c:a', 'aac', '-b:a', '48k'];

const LIST = `#EXTM3U
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="words",NAME="English",LANGUAGE="en",AUTOSELECT=YES,URI="words.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=300000,RESOLUTION=320x180,CODECS="avc1.42c00d,mp4a.40.2",SUBTITLES="words"
video.m3u8
`;
const WORDS_LIST = `#EXTM3U
#EXT-X-TARGETDURATION:${MEDIA_SECONDS}
#EXTINF:${MEDIA_SECONDS},
words.vtt
#EXT-X-ENDLIST
`;
const WORDS = `WEBVTT

00:00.000 --> 00:${MEDIA_SECONDS - 1}.000
la la la, in step
`;
/** Its list can be read, and what it names is not there. */
const HOLLOW_LIST = `#EXTM3U
#EXT-X-TARGETDURATION:4
#EXTINF:4,
nowhere.ts
#EXT-X-ENDLIST
`;

export interface Media {
  folder: string;
  /** Where another machine's media would be: it allows everybody to read them. */
  url: string;
  close: () => Promise<void>;
}

/** Makes a few short media, and serves them from another address than the station's. */
export async function makeMedia(): Promise<Media> {
  const folder = await mkdtemp(join(tmpdir(), 'popradio-media-'));
  const at = (name: string): string => join(folder, name);
  const ffmpeg = (...args: string[]) =>
    promisify(execFile)('ffmpeg', ['-v', 'error', '-y', ...args], { timeout: 60_000 });
  await ffmpeg(...picture, ...sound, ...h264, ...aac, '-movflags', '+faststart', at('video.mp4'));
  await Promise.all([
    ffmpeg('-i', at('video.mp4'), '-vn', '-c', 'copy', at('sound.m4a')),
    ffmpeg(
      ...['-i', at('video.mp4'), '-c', 'copy', '-f', 'hls', '-hls_time', '4'],
      ...['-hls_playlist_type', 'vod', '-hls_segment_filename', at('piece%02d.ts')],
      at('video.m3u8'),
    ),
    writeFile(at('list.m3u8'), LIST),
    writeFile(at('words.m3u8'), WORDS_LIST),
    writeFile(at('words.vtt'), WORDS),
    writeFile(at('broken.m3u8'), 'this is no list'),
    writeFile(at('hollow.m3u8'), HOLLOW_LIST),
    writeFile(at('broken.mp4'), Buffer.alloc(4096, 'not a film ')),
  ]);
  const server = createServer((request, response) => {
    const file = at(basename(new URL(request.url ?? '/', 'http://x').pathname));
    response.setHeader('Access-Control-Allow-Origin', '*');
    stat(file).then(
      ({ size }) => {
        response.setHeader('Content-Length', size);
        createReadStream(file).pipe(response);
      },
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    folder,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
