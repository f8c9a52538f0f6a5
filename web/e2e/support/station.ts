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

interface StationOptions {
  /** Whether the demo's songs are on its shelf from the start. */
  songs?: boolean;
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

/** A station of its own, with the demo's songs, in a folder that goes with it. */
export async function startStation({
  songs = true,
  songSeconds,
}: StationOptions = {}): Promise<Station> {
  if (!existsSync(BIN))
    throw new Error(`There is no server at ${BIN}. Build it, or name it in POPRADIO_BIN.`);
  const data = await mkdtemp(join(tmpdir(), 'popradio-e2e-'));
  const addSongs = async (): Promise<void> => {
    await promisify(execFile)(BIN, ['demo', '--data', data], { timeout: 60_000 });
  };
  if (songs) await addSongs();
  if (songSeconds !== undefined) await shorten(data, songSeconds);
  const server = spawn(BIN, ['serve', '--listen', '127.0.0.1:0', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // One machine runs all the listeners of these tests; the limits of one address are not what they are about.
    env: { ...process.env, POPRADIO_LIMITS_API_PER_HOUR: '0' },
  });
  let said = '';
  const listen = (chunk: Buffer): void => {
    said += chunk.toString();
  };
  server.stdout.on('data', listen);
  server.stderr.on('data', listen);
  const url = await address(server, () => said);
  return {
    url,
    addSongs,
    nextSong: async () => {
      const token = (await readFile(join(data, 'admin-token'), 'utf8')).trim();
      const answer = await fetch(`${url}/v1/admin/radio/next`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}` },
      });
      if (!answer.ok) throw new Error(`the curator's skip got ${answer.status}`);
      return ((await answer.json()) as { data: { nowPlaying: OnAir } }).data.nowPlaying;
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
