/** How far ahead to aim, because this machine always comes late by about as much. It learns from each time. */
export class Lead {
  constructor(
    private aheadMs: number,
    private readonly mostMs: number,
  ) {}

  get ms(): number {
    return this.aheadMs;
  }

  /** @param driftMs how it came out: positive was too early. */
  learn(driftMs: number): void {
    this.aheadMs = Math.min(this.mostMs, Math.max(0, this.aheadMs - driftMs));
  }
}
