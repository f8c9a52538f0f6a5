import { type LineWatch, watchLine } from './line-times';

/** One question to `/time`, in milliseconds. `sentAt` and `receivedAt` are monotonic; only differences of them mean anything. */
export interface TimeSample {
  sentAt: number;
  receivedAt: number;
  serverEpochMs: number;
}

export interface Offset {
  /** What to add to the monotonic clock to get the server's epoch milliseconds. */
  offsetMs: number;
  /** Round trip of the sample it came from: the true offset is within half of it. */
  delayMs: number;
}

/** The sample with the least delay wins: it had the least room to be wrong (the rule of NTP's clock filter). */
export function bestOffset(samples: readonly TimeSample[]): Offset | null {
  let best: Offset | null = null;
  for (const { sentAt, receivedAt, serverEpochMs } of samples) {
    const delayMs = receivedAt - sentAt;
    if (delayMs < 0 || !Number.isFinite(serverEpochMs)) continue;
    if (best === null || delayMs < best.delayMs) {
      best = { delayMs, offsetMs: serverEpochMs + delayMs / 2 - receivedAt };
    }
  }
  return best;
}

export const SAMPLES = 6;
/** A wall clock and a monotonic clock that part by more than this have slept, or somebody set the wall clock. */
const SLEPT_MS = 1_500;

interface Clocks {
  monotonic: () => number;
  wall: () => number;
  /** Notes the times of the questions, on the monotonic clock, better than the page can; without it the page's own count. */
  line?: () => LineWatch;
}

/**
 * The station's clock, as well as this machine can know it. Between measurements it runs on the monotonic clock, so that
 * a wrong or changed wall clock does no harm.
 */
export class ServerClock {
  private offset: Offset | null = null;
  private guessMs: number | null = null;
  private readonly gap: () => number;
  private gapAtMeasure: number;

  constructor(
    private readonly clocks: Clocks = {
      monotonic: () => performance.now(),
      wall: () => Date.now(),
      line: () => watchLine('/time'),
    },
  ) {
    this.gap = () => this.clocks.wall() - this.clocks.monotonic();
    this.gapAtMeasure = this.gap();
  }

  /** The server's time now, epoch milliseconds. Before the first sample: a guess, or what this machine's own clock says. */
  now(): number {
    const offsetMs = this.offset?.offsetMs ?? this.guessMs;
    return offsetMs === null ? this.clocks.wall() : this.clocks.monotonic() + offsetMs;
  }

  /** What the time is thought to be until it has been measured: that of the server when something came from it. */
  guess(serverEpochMs: number, monotonicMs: number): void {
    this.guessMs = serverEpochMs - monotonicMs;
  }

  /** Half the round trip of the best sample, milliseconds: how wrong `now` can be. Null before the first one. */
  get uncertaintyMs(): number | null {
    return this.offset === null ? null : this.offset.delayMs / 2;
  }

  get measured(): boolean {
    return this.offset !== null;
  }

  /** True after sleep: the monotonic clock may have stood still meanwhile. */
  get suspect(): boolean {
    return Math.abs(this.gap() - this.gapAtMeasure) > SLEPT_MS;
  }

  /**
   * Asks `SAMPLES` times, one after another, and takes the best. Where nothing was known, the first answer counts at once
   * and the later ones better it: a song must not wait for six answers. Fails only if every question fails, and then keeps
   * what it knew.
   */
  async measure(askServerEpochMs: () => Promise<number>): Promise<void> {
    const samples: TimeSample[] = [];
    const knew = this.measured && !this.suspect;
    let failed: unknown = new Error('no sample of the clock');
    const line = this.clocks.line?.();
    for (let i = 0; i < SAMPLES; i += 1) {
      const sentAt = this.clocks.monotonic();
      try {
        const serverEpochMs = await askServerEpochMs();
        const receivedAt = this.clocks.monotonic();
        const noted = line?.between(sentAt, receivedAt);
        samples.push({ ...(noted ?? { sentAt, receivedAt }), serverEpochMs });
        if (!knew) this.adopt(bestOffset(samples));
      } catch (error) {
        failed = error;
        if (samples.length === 0) break; // nobody there: six timeouts in a row would help nobody
      }
    }
    line?.stop();
    const best = bestOffset(samples);
    if (best === null) throw asError(failed);
    this.adopt(best);
  }

  private adopt(offset: Offset | null): void {
    if (offset === null) return;
    this.offset = offset;
    this.gapAtMeasure = this.gap();
  }
}

const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));
