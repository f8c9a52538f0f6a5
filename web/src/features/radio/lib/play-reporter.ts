import * as z from 'zod/mini';
import { ApiError } from '@/lib/api/api-error';
import type { RadioSong } from '@/lib/schemas/song';
import type { KeptStrings } from '@/lib/storage';
import { randomUuid } from '@/lib/uuid';
import { slotKey } from './timeline';

/** A song counts as played after this much of it was heard. */
export const HEARD_MS = 10_000;
/** … and is reported at a random moment of this long after, so that a station's listeners do not all report at once. */
export const SPREAD_MS = 20_000;
const RETRIES_MS = [5_000, 20_000, 60_000];
const STORE_KEY = 'popradio.plays';
/** So many of the last playings are remembered across reloads. */
const REMEMBERED = 12;

const storedSchema = z.array(z.object({ slot: z.string(), key: z.string(), done: z.boolean() }));
type Play = z.output<typeof storedSchema>[number];

export interface PlayReporterOptions {
  report: (songId: string, key: string) => Promise<unknown>;
  kept: KeptStrings;
  random?: () => number;
  makeKey?: () => string;
  setTimer?: (run: () => void, ms: number) => unknown;
}

/**
 * Reports each playing of a song once, whatever happens: the key is kept with the slot, so that a reload, a second tab
 * or a retry after a lost answer repeats the same key, and the station counts it once.
 */
export class PlayReporter {
  private readonly random: () => number;
  private readonly makeKey: () => string;
  private readonly setTimer: (run: () => void, ms: number) => unknown;
  private heard: { slot: string; ms: number } | null = null;
  private readonly pending = new Map<string, { songId: string; key: string }>();

  constructor(private readonly options: PlayReporterOptions) {
    this.random = options.random ?? Math.random;
    this.makeKey = options.makeKey ?? randomUuid;
    this.setTimer = options.setTimer ?? ((run, ms) => setTimeout(run, ms));
  }

  /** Somebody listened to this slot for another `ms`. */
  listened(song: RadioSong, ms: number): void {
    const slot = `${slotKey(song)}:${song.startedAt}`;
    if (this.heard?.slot !== slot) this.heard = { slot, ms: 0 };
    const before = this.heard.ms;
    this.heard.ms += ms;
    if (before >= HEARD_MS || this.heard.ms < HEARD_MS) return;
    const play = this.remember(slot);
    if (play.done) return;
    this.pending.set(slot, { songId: song._id, key: play.key });
    this.setTimer(() => this.send(slot, 0), this.random() * SPREAD_MS);
  }

  /** The page is going away: report at once what is due. */
  flush(): void {
    for (const slot of this.pending.keys()) this.send(slot, RETRIES_MS.length);
  }

  private send(slot: string, tries: number): void {
    const play = this.pending.get(slot);
    if (play === undefined) return;
    this.pending.delete(slot);
    this.options.report(play.songId, play.key).then(
      () => this.markDone(slot),
      (error: unknown) => {
        const wait = RETRIES_MS[tries];
        const final = error instanceof ApiError && error.status < 500 && error.status !== 429;
        if (final || wait === undefined) return;
        const askedS = error instanceof ApiError ? (error.retryAfterS ?? 0) : 0;
        this.pending.set(slot, play);
        this.setTimer(() => this.send(slot, tries + 1), Math.max(wait, askedS * 1000));
      },
    );
  }

  private stored(): Play[] {
    try {
      return storedSchema.parse(JSON.parse(this.options.kept.get(STORE_KEY) ?? '[]'));
    } catch {
      return []; // not ours, or of an older version: start over
    }
  }

  private remember(slot: string): Play {
    const plays = this.stored();
    const known = plays.find((play) => play.slot === slot);
    if (known !== undefined) return known;
    const play: Play = { slot, key: this.makeKey(), done: false };
    this.options.kept.set(STORE_KEY, JSON.stringify([play, ...plays].slice(0, REMEMBERED)));
    return play;
  }

  private markDone(slot: string): void {
    const plays = this.stored().map((play) =>
      play.slot === slot ? { ...play, done: true } : play,
    );
    this.options.kept.set(STORE_KEY, JSON.stringify(plays));
  }
}
