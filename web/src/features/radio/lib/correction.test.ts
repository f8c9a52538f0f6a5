import { describe, expect, test } from 'vitest';
import { correct, DEAD_BAND_MS, RATE_REACH, SEEK_ABOVE_MS } from './correction';

test.each([0, 40, -79, 79])('%d ms off is left alone', (drift) => {
  expect(correct(drift, false)).toEqual({ kind: 'hold' });
});

test.each([1_501, -1_501, 60_000])('%d ms off is one seek', (drift) => {
  expect(correct(drift, false)).toEqual({ kind: 'seek' });
  expect(correct(drift, true)).toEqual({ kind: 'seek' });
});

describe('in between, the playback rate', () => {
  test('slows who is ahead and hurries who is behind, never beyond its reach', () => {
    for (let drift = DEAD_BAND_MS; drift <= SEEK_ABOVE_MS; drift += 20) {
      const ahead = correct(drift, false);
      const behind = correct(-drift, false);
      if (ahead.kind !== 'rate' || behind.kind !== 'rate')
        throw new Error(`no rate at ${drift} ms`);
      expect(ahead.rate).toBeLessThan(1);
      expect(ahead.rate).toBeGreaterThanOrEqual(1 - RATE_REACH);
      expect(behind.rate).toBeGreaterThan(1);
      expect(behind.rate).toBeLessThanOrEqual(1 + RATE_REACH);
    }
  });

  test('goes on inside the dead band once begun, and then stops', () => {
    expect(correct(60, true).kind).toBe('rate');
    expect(correct(15, true).kind).toBe('rate');
    expect(correct(8, true).kind).toBe('hold');
  });

  test('brings every drift into step within half a minute, without ever overshooting', () => {
    for (const start of [1_400, 600, 100, -100, -600, -1_400]) {
      let drift = start;
      let correcting = false;
      for (let ms = 0; ms < 32_000; ms += 250) {
        const action = correct(drift, correcting);
        correcting = action.kind === 'rate';
        if (action.kind === 'rate') drift += (action.rate - 1) * 250;
        expect(Math.sign(drift)).toBe(Math.sign(start));
      }
      expect(Math.abs(drift)).toBeLessThan(DEAD_BAND_MS);
    }
  });
});
