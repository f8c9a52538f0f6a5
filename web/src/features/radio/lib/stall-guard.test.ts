import { expect, test } from 'vitest';
import { REST_MS, StallGuard } from './stall-guard';

test('two stalls are followed up, the third is not, for a while', () => {
  const guard = new StallGuard();
  guard.stalled(0);
  guard.stalled(10_000);
  expect(guard.resting(10_000)).toBe(false);
  guard.stalled(20_000);
  expect(guard.resting(20_000)).toBe(true);
  expect(guard.resting(20_000 + REST_MS - 1)).toBe(true);
  expect(guard.resting(20_000 + REST_MS)).toBe(false);
});

test('stalls that are far apart are each their own', () => {
  const guard = new StallGuard();
  for (let at = 0; at < 600_000; at += 40_000) guard.stalled(at);
  expect(guard.resting(600_000)).toBe(false);
});

test('after the rest it takes three again', () => {
  const guard = new StallGuard();
  for (const at of [0, 1_000, 2_000]) guard.stalled(at);
  guard.stalled(2_000 + REST_MS);
  expect(guard.resting(2_000 + REST_MS)).toBe(false);
});
