/**
 * What a page may ask the station in an hour by itself. A household shares one address and its thousand requests. While the
 * station tells what happens, an hour of listening stays at forty requests; a page that has to ask for it stays at a
 * hundred. What a person does is never refused.
 *
 * A bucket: it holds `burst` requests, and fills by one every `refillMs`.
 */
export interface BucketSize {
  burst: number;
  refillMs: number;
}

/** Asking how it stands: for a page that hears nothing. */
export const POLLING: BucketSize = { burst: 14, refillMs: 42_000 };
/** What is nice to have while listening: what was said about a song, whose hearts are on. */
export const EXTRAS: BucketSize = { burst: 4, refillMs: 450_000 };

export class RequestBudget {
  private tokens: number;
  private at: number;

  constructor(
    private readonly size: BucketSize,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.tokens = size.burst;
    this.at = nowMs();
  }

  private fill(): void {
    const now = this.nowMs();
    this.tokens = Math.min(this.size.burst, this.tokens + (now - this.at) / this.size.refillMs);
    this.at = now;
  }

  /** Takes one, and may go below zero: for what cannot wait, like the state after a song change. */
  spend(): void {
    this.fill();
    this.tokens -= 1;
  }

  /** Milliseconds until `wanted` more requests are within the budget. */
  waitMs(wanted = 1): number {
    this.fill();
    return this.tokens >= wanted ? 0 : Math.ceil((wanted - this.tokens) * this.size.refillMs);
  }
}

export const pageBudget = new RequestBudget(POLLING);
export const extrasBudget = new RequestBudget(EXTRAS);

/** How long to wait with the next poll: about `calmMs`, never the same as everybody else's, and within the budget. */
export function pollDelayMs(
  calmMs: number,
  budget: RequestBudget,
  random: () => number = Math.random,
): number {
  return Math.max(calmMs * (0.8 + 0.4 * random()), budget.waitMs());
}
