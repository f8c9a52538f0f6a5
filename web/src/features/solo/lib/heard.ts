/** A song counts as played after this much of it was heard. */
export const HEARD_MS = 10_000;
/** A gap longer than this between two looks at the clock is no listening. */
const LONGEST_MS = 2_000;

/** Adds up how long somebody really listened, and tells once when it was enough. */
export class Heard {
  private ms = 0;
  private at: number | null = null;
  private told = false;

  constructor(private readonly onEnough: () => void) {}

  /** It plays now, at this moment (monotonic milliseconds). */
  playing(nowMs: number): void {
    if (this.at !== null && nowMs - this.at <= LONGEST_MS) this.ms += nowMs - this.at;
    this.at = nowMs;
    if (this.told || this.ms < HEARD_MS) return;
    this.told = true;
    this.onEnough();
  }

  pause(): void {
    this.at = null;
  }
}
