/** After so many stalls … */
const STALLS = 3;
/** … within so long … */
const WITHIN_MS = 60_000;
/** … the line cannot follow. Chasing the others would only make more stalls: it is left alone for so long. */
export const REST_MS = 30_000;

/** Counts stalls, and says when it is better not to correct anything for a while. Times are of the station's clock. */
export class StallGuard {
  private stalls: number[] = [];
  private restsUntil = -Infinity;

  stalled(nowMs: number): void {
    this.stalls = [...this.stalls.filter((at) => nowMs - at < WITHIN_MS), nowMs];
    if (this.stalls.length < STALLS) return;
    this.stalls = [];
    this.restsUntil = nowMs + REST_MS;
  }

  resting(nowMs: number): boolean {
    return nowMs < this.restsUntil;
  }
}
