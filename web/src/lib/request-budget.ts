/**
 * What a page may ask the station in an hour by itself. A household shares one address and its thousand requests, so a
 * page that only listens stays at about a tenth of that; what a person does is never refused.
 *
 * A bucket: it holds BURST requests, and fills by one every REFILL_MS.
 */
export const REFILL_MS = 42_000;
export const BURST = 14;

export class RequestBudget {
  private tokens = BURST;
  private at: number;

  constructor(private readonly nowMs: () => number = () => performance.now()) {
    this.at = nowMs();
  }

  private fill(): void {
    const now = this.nowMs();
    this.tokens = Math.min(BURST, this.tokens + (now - this.at) / REFILL_MS);
    this.at = now;
  }

  /** Takes one, and may go below zero: for what cannot wait, like the state after a song change. */
  spend(): void {
    this.fill();
    this.tokens -= 1;
  }

  /** Milliseconds until one more request is within the budget. */
  waitMs(): number {
    this.fill();
    return this.tokens >= 1 ? 0 : Math.ceil((1 - this.tokens) * REFILL_MS);
  }
}

export const pageBudget = new RequestBudget();

/** How long to wait with the next poll: about `calmMs`, never the same as everybody else's, and within the budget. */
export function pollDelayMs(
  calmMs: number,
  budget: RequestBudget,
  random: () => number = Math.random,
): number {
  return Math.max(calmMs * (0.8 + 0.4 * random()), budget.waitMs());
}
