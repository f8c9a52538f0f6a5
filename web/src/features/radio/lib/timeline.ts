import type { RadioSong } from '@/lib/schemas/song';
import type { RadioStream } from '../api/get-radio-stream';

/** What is on air at a moment, and what comes after it. */
export interface OnAir {
  current: RadioSong | null;
  /** In order, from the next one. */
  upcoming: readonly RadioSong[];
}

/**
 * Reads the timeline at `nowMs`. The last answer names the song on air and the next five with their absolute times, so
 * the page moves on by itself, at the same moment as everybody, also when the station cannot be asked just then.
 */
export const onAirAt = (stream: RadioStream | undefined, nowMs: number): OnAir =>
  onAirFrom(stream, slotAt(stream, nowMs));

/** Which of the slots that the answer names is on air: 0 for the one it says plays now. -1: none of them any more. */
export const slotAt = (stream: RadioStream | undefined, nowMs: number): number =>
  stream?.nowPlaying == null
    ? -1
    : // Before its start by a hair (the clocks are never quite the same), the song that comes first is on air already.
      [stream.nowPlaying, ...stream.queue].findIndex((slot) => nowMs < slot.endsAt);

export function onAirFrom(stream: RadioStream | undefined, at: number): OnAir {
  if (stream?.nowPlaying == null) return { current: null, upcoming: stream?.queue ?? [] };
  if (at === -1) return { current: null, upcoming: [] };
  const slots = [stream.nowPlaying, ...stream.queue];
  return { current: slots[at] ?? null, upcoming: slots.slice(at + 1) };
}

/** Names one playing of one song. */
export const slotKey = (slot: Pick<RadioSong, 'seq' | '_id'>): string => `${slot.seq}:${slot._id}`;

/** Milliseconds from `nowMs` to the next change of song; null when nothing is known to change. */
export function untilNextChange(stream: RadioStream | undefined, nowMs: number): number | null {
  const { current } = onAirAt(stream, nowMs);
  return current === null ? null : Math.max(0, current.endsAt - nowMs);
}
