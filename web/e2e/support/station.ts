import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The real server. */
const BIN =
  process.env.POPRADIO_BIN ?? fileURLToPath(new URL('../../../build/popradio', import.meta.url));
const START_MS = 30_000;
const STOP_MS = 10_000;

export interface OnAir {
  _id: string;
  startedAt: string;
  endsAt: string;
}

export interface Station {
  /** Where it listens, without a slash at the end. */
  url: string;
  /** Puts the demo's songs on its shelf while it runs. */
  addSongs: () => Promise<void>;
  /** Lets the curator put the next song on air; it has just begun. */
  nextSong: () => Promise<OnAir>;
  /** Lets the curator put this song on air; it has just begun. */
  putOn: (songId: string) => Promise<OnAir>;
  /** Kills the server as a crash would, and starts it again at the same address. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Waits for the line in which the server says where it listens. */
function address(server: ChildProcess, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`no address within ${START_MS} ms:\n${said()}`)),
      START_MS,
    );
    const look = (): void => {
      const url = /listening on (http:\/\/[^\s"]+)/.exec(said())?.[1];
      if (url === undefined) return;
      clearTimeout(late);
      resolve(url.replace(/\/$/, ''));
    };
    server.stdout?.on('data', look);
    server.stderr?.on('data', look);
    server.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`${BIN} ended with ${code ?? 'a signal'}:\n${said()}`));
    });
  });
}

/** A song as a curator's file has it. A file's name in it is relative to the folder. */
export interface ImportedSong {
  _id: string;
  title: string;
  artist: string;
  duration: number;
  videoUrl?: string;
  audioUrl?: string;
  albumArt?: string;
}

interface StationOptions {
  /** Songs instead of the demo's, and the folder of their files. */
  shelf?: { folder: string; songs: readonly ImportedSong[] };
  /** Whether the demo's songs are on its shelf from the start. */
  songs?: boolean;
  /** Settings as the environment names them, without POPRADIO_. */
  settings?: Record<string, string>;
  /** Ends every song after so many seconds, so that a test sees several. */
  songSeconds?: number | undefined;
}

/** Gives every song of a data folder this length. */
async function shorten(data: string, duration: number): Promise<void> {
  const { stdout } = await promisify(execFile)(BIN, ['export', '--data', data], {
    maxBuffer: 16 * 1024 * 1024,
  });
  const { songs } = JSON.parse(stdout) as { songs: object[] };
  const file = join(data, 'short.json');
  await writeFile(file, JSON.stringify({ songs: songs.map((song) => ({ ...song, duration })) }));
  await promisify(execFile)(BIN, ['import', file, '--data', data], { timeout: 60_000 });
}

type Curate = (path: string, body?: object) => Promise<OnAir>;

/** The curator's requests to a station, with the token that he has there. */
function curator(url: string, token: () => Promise<string>): Curate {
  return async (path, body) => {
    const answer = await fetch(`${url}/v1/admin/radio/${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await token()}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`the curator's ${path} got ${answer.status}`);
    return ((await answer.json()) as { data: { nowPlaying: OnAir } }).data.nowPlaying;
  };
}

const putsOn = (curate: Curate): Pick<Station, 'nextSong' | 'putOn'> => ({
  nextSong: () => curate('next'),
  putOn: async (songId) => {
    await curate('pin', { songId });
    return curate('next');
  },
});

/**
 * A station that somebody else runs, `./dev cluster` for one: POPRADIO_E2E_URL says where, and POPRADIO_E2E_TOKEN is its
 * curator's. Nothing is started, and it stays when the tests are over. A certificate that nobody signed is believed by
 * the browser; NODE_EXTRA_CA_CERTS names it for the curator's requests.
 */
export function outsideStation(): Station | undefined {
  const url = process.env.POPRADIO_E2E_URL?.replace(/\/$/, '');
  if (url === undefined || url === '') return undefined;
  const token = process.env.POPRADIO_E2E_TOKEN ?? '';
  const notOurs = (): Promise<never> =>
    Promise.reject(new Error(`${url} is not ours to do that with: leave POPRADIO_E2E_URL out`));
  return {
    url,
    ...putsOn(curator(url, () => Promise.resolve(token))),
    addSongs: notOurs,
    restart: notOurs,
    stop: () => Promise.resolve(),
  };
}

/** A station of its own, with the demo's songs, in a folder that goes with it. */
export async function startStation({
  shelf,
  songs = shelf === undefined,
  settings = {},
  songSeconds,
}: StationOptions = {}): Promise<Station> {
  if (!existsSync(BIN))
    throw new Error(`There is no server at ${BIN}. Build it, or name it in POPRADIO_BIN.`);
  const data = await mkdtemp(join(tmpdir(), 'popradio-e2e-'));
  const addSongs = async (): Promise<void> => {
    await promisify(execFile)(BIN, ['demo', '--data', data], { timeout: 60_000 });
  };
  if (songs) await addSongs();
  if (shelf !== undefined) {
    const file = join(shelf.folder, 'shelf.json');
    await writeFile(file, JSON.stringify({ songs: shelf.songs }));
    await promisify(execFile)(BIN, ['import', file, '--data', data], { timeout: 60_000 });
  }
  if (songSeconds !== undefined) await shorten(data, songSeconds);
  const serve = async (listen: string): Promise<[ChildProcess, string]> => {
    const started = spawn(BIN, ['serve', '--listen', listen, '--data', data], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        // One machine runs all the listeners of these tests; the limits of one address are not what they are about.
        POPRADIO_LIMITS_API_PER_HOUR: '0',
        ...Object.fromEntries(
          Object.entries(settings).map(([name, value]) => [`POPRADIO_${name}`, value]),
        ),
      },
    });
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
    };
    started.stdout.on('data', hear);
    started.stderr.on('data', hear);
    return [started, await address(started, () => said)];
  };
  const [first, url] = await serve('127.0.0.1:0');
  let server = first;
  const curate = curator(url, async () =>
    (await readFile(join(data, 'admin-token'), 'utf8')).trim(),
  );
  return {
    url,
    addSongs,
    ...putsOn(curate),
    restart: async () => {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
      [server] = await serve(new URL(url).host);
    },
    stop: async () => {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      const force = setTimeout(() => server.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(force);
      await rm(data, { recursive: true, force: true });
    },
  };
}
