import { expect, test } from 'vitest';
import { EXTRAS, POLLING, pollDelayMs, RequestBudget } from './request-budget';
import { SAMPLES } from './server-clock';

const HOUR_MS = 3_600_000;
/** Nobody is told apart from a song of usual length. */
const SONG_MS = 210_000;

test('an hour of listening to the events stays at forty requests, plays included', () => {
  let now = 0;
  const extras = new RequestBudget(EXTRAS, () => now);
  let asked =
    1 + // the events
    1 + // the state, which shows the page before the first event
    SAMPLES + // the clock
    1 + // how many songs there are
    1; // what was said about the first song
  let nextSong = 0;
  let wanted = 0;
  for (; now < HOUR_MS; now += 1_000) {
    if (now >= nextSong) {
      nextSong += SONG_MS;
      asked += 1; // the play
      wanted += 3; // what was said, hearts, moments: as much as it could ever want
    }
    while (wanted > 0 && extras.waitMs() === 0) {
      extras.spend();
      wanted -= 1;
      asked += 1;
    }
  }
  expect(asked).toBeLessThanOrEqual(40);
});

test('an hour of asking stays at about a hundred requests, however often songs change', () => {
  for (const songMs of [20_000, 60_000, SONG_MS]) {
    let now = 0;
    let asked = SAMPLES;
    const budget = new RequestBudget(POLLING, () => now);
    for (let i = 0; i < SAMPLES; i += 1) budget.spend();
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
    expect(asked).toBeLessThanOrEqual(
      Math.max(changes, HOUR_MS / POLLING.refillMs) + POLLING.burst + 8,
    );
  }
});

test('polls at the calm pace while the budget lasts, and not all at once with everybody', () => {
  const budget = new RequestBudget(POLLING, () => 0);
  expect(pollDelayMs(25_000, budget, () => 0)).toBe(20_000);
  expect(pollDelayMs(25_000, budget, () => 1)).toBeCloseTo(30_000);
});

test('an empty bucket waits, and fills again', () => {
  let now = 0;
  const budget = new RequestBudget(POLLING, () => now);
  for (let i = 0; i < POLLING.burst; i += 1) budget.spend();
  expect(budget.waitMs()).toBe(POLLING.refillMs);
  expect(budget.waitMs(3)).toBe(3 * POLLING.refillMs);
  now = POLLING.refillMs;
  expect(budget.waitMs()).toBe(0);
});
