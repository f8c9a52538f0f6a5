/**
 * What the small player asks of the station. Checked by hand and not by the app's schemas: the library that those need
 * is several times as large as this whole player.
 */

export interface EmbedSong {
  id: string;
  title: string;
  artist: string;
  albumArt: string;
  videoUrl: string;
  audioUrl: string;
}

/** A song with its time on air, epoch milliseconds. */
export interface EmbedSlot extends EmbedSong {
  seq: number;
  startsAt: number;
  endsAt: number;
}

export class StationError extends Error {
  override name = 'StationError';
  constructor(readonly status: number) {
    super(`the station answered ${status}`);
  }
}

const TIMEOUT_MS = 10_000;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function text(record: Record<string, unknown>, field: string): string {
  const value = record[field];
  if (typeof value !== 'string') throw new TypeError(`${field} is no text`);
  return value;
}

function moment(record: Record<string, unknown>, field: string): number {
  const ms = Date.parse(text(record, field));
  if (Number.isNaN(ms)) throw new TypeError(`${field} is no time`);
  return ms;
}

export function readSong(value: unknown): EmbedSong {
  if (!isRecord(value)) throw new TypeError('no song');
  return {
    id: text(value, '_id'),
    title: text(value, 'title'),
    artist: text(value, 'artist'),
    albumArt: text(value, 'albumArt'),
    videoUrl: text(value, 'videoUrl'),
    audioUrl: text(value, 'audioUrl'),
  };
}

export function readSlot(value: unknown): EmbedSlot {
  const song = readSong(value);
  const { seq } = value as Record<string, unknown>;
  if (typeof seq !== 'number') throw new TypeError('seq is no number');
  const record = value as Record<string, unknown>;
  return { ...song, seq, startsAt: moment(record, 'startedAt'), endsAt: moment(record, 'endsAt') };
}

export const readSlots = (value: unknown): EmbedSlot[] => {
  if (!Array.isArray(value)) throw new TypeError('no list of songs');
  return value.map(readSlot);
};

async function ask(path: string): Promise<Record<string, unknown>> {
  // Without a session: nobody votes or likes in a frame, so nobody there counts for a vote either.
  const response = await fetch(`/v1${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new StationError(response.status);
  const answer: unknown = await response.json();
  if (!isRecord(answer) || !isRecord(answer.data)) throw new TypeError('no answer of a station');
  return answer.data;
}

export async function getTime(): Promise<number> {
  const { epochMs } = await ask('/time');
  if (typeof epochMs !== 'number') throw new TypeError('epochMs is no number');
  return epochMs;
}

/** What is on air and what comes next, in order; empty while the station is silent. */
export async function getSlots(): Promise<EmbedSlot[]> {
  const { nowPlaying, queue } = await ask('/radio/stream');
  return nowPlaying === null ? [] : [readSlot(nowPlaying), ...readSlots(queue)];
}

export const getSong = async (id: string): Promise<EmbedSong> =>
  readSong(await ask(`/songs/${encodeURIComponent(id)}`));

export async function getPlaylistSongs(id: string): Promise<EmbedSong[]> {
  const { songs } = await ask(`/playlists/${encodeURIComponent(id)}`);
  if (!Array.isArray(songs)) throw new TypeError('a playlist without songs');
  return songs.map(readSong);
}
