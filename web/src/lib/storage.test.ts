// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { keptStrings } from './storage';

test('keeps across openings where storage works', () => {
  keptStrings(() => window.localStorage).set('k', 'v');
  const again = keptStrings(() => window.localStorage);
  expect(again.get('k')).toBe('v');
  expect(again.durable).toBe(true);
  expect(window.localStorage.getItem('popradio.probe')).toBeNull();
});

test('works in memory where the browser refuses even to be asked', () => {
  const kept = keptStrings(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  kept.set('k', 'v');
  expect(kept.get('k')).toBe('v');
  expect(kept.get('other')).toBeNull();
  expect(kept.durable).toBe(false);
});

test('works in memory when the quota is full later', () => {
  let full = false;
  const map = new Map<string, string>();
  const kept = keptStrings(
    () =>
      ({
        getItem: (key: string) => map.get(key) ?? null,
        setItem: (key: string, value: string) => {
          if (full) throw new DOMException('full', 'QuotaExceededError');
          map.set(key, value);
        },
        removeItem: (key: string) => map.delete(key),
      }) as unknown as Storage,
  );
  full = true;
  expect(() => kept.set('k', 'v')).not.toThrow();
  expect(kept.get('k')).toBe('v');
});
