import { expect, test } from 'vitest';
import { BURST, pollDelayMs, REFILL_MS, RequestBudget } from './request-budget';

const HOUR_MS = 3_600_000;

test('an hour of listening stays at about a hundred requests, however often songs change', () => {
  for (const songMs of [20_000, 60_000, 210_000]) {
    let now = 0;
    let asked = 6; // the clock
    const budget = new RequestBudget(() => now);
    for (let i = 0; i < 6; i += 1) budget.spend();
    let nextChange = songMs;
    let nextPoll = 0;
    while (now < HOUR_MS) {
      now = Math.min(nextChange, nextPoll);
      budget.spend();
      asked += 1;
      if (now === nextChange) nextChange += songMs;
      nextPoll = now + pollDelayMs(25_000, budget, () => 0.5);
    }
    const changes = HOUR_MS / songMs;
    expect(asked).toBeLessThanOrEqual(Math.max(changes, HOUR_MS / REFILL_MS) + BURST + 8);
  }
});

test('polls at the calm pace while the budget lasts, and not all at once with everybody', () => {
  const budget = new RequestBudget(() => 0);
  expect(pollDelayMs(25_000, budget, () => 0)).toBe(20_000);
  expect(pollDelayMs(25_000, budget, () => 1)).toBeCloseTo(30_000);
});

test('an empty bucket waits, and fills again', () => {
  let now = 0;
  const budget = new RequestBudget(() => now);
  for (let i = 0; i < BURST; i += 1) budget.spend();
  expect(budget.waitMs()).toBe(REFILL_MS);
  now = REFILL_MS;
  expect(budget.waitMs()).toBe(0);
});
