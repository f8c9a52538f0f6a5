import { expect, test } from 'vitest';
import { REACTIONS } from '@/lib/events/station-event';
import { PICTURES, risersOf, sumOf } from './reactions';

test('a few rise one by one', () => {
  expect(risersOf({ '💖': 2, '🔥': 1 }, 8)).toEqual(['💖', '🔥', '💖']);
  expect(risersOf({}, 8)).toEqual([]);
});

test('of thousands a handful rises, and the rare ones are among them', () => {
  const risers = risersOf({ '💖': 12_000, '🔥': 3_000, '😭': 1 }, 8);
  expect(risers).toHaveLength(8);
  expect(risers.filter((kind) => kind === '💖').length).toBeGreaterThan(4);
  expect(risers).toContain('😭');
});

test('counts add up', () => {
  expect(sumOf({ '💖': 2 }, { '💖': 1, '🪩': 4 })).toEqual({ '💖': 3, '🪩': 4 });
});

test('each picture is a grid of twelve by twelve', () => {
  for (const kind of REACTIONS) {
    expect(PICTURES[kind], kind).toHaveLength(12);
    for (const row of PICTURES[kind]) expect(row).toMatch(/^[.kwpdyorbvg]{12}$/);
  }
});
