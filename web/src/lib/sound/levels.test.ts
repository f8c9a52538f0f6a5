import { expect, test } from 'vitest';
import { cellsOf, COLUMNS, edgesOf, fallen, levelsOf, ROWS } from './levels';

const edges = edgesOf(512, 48_000);

test('columns go upwards without a gap, finer where the ear is finer', () => {
  expect(edges).toHaveLength(COLUMNS + 1);
  expect([...edges].sort((a, b) => a - b)).toEqual(edges);
  const width = (column: number): number => (edges[column + 1] ?? 0) - (edges[column] ?? 0);
  expect(width(COLUMNS - 1)).toBeGreaterThan(10 * Math.max(1, width(2)));
});

test('a low note lights a column on the left, a high one a column on the right', () => {
  const loudest = (hz: number): number => {
    const spectrum = new Uint8Array(512);
    spectrum[Math.round(hz / (24_000 / 512))] = 255;
    const levels = levelsOf(spectrum, edges);
    return levels.indexOf(Math.max(...levels));
  };
  expect(loudest(90)).toBeLessThan(4);
  expect(loudest(8_000)).toBeGreaterThan(12);
});

test('silence is one cell, the loudest is all of them', () => {
  expect(levelsOf(new Uint8Array(512), edges).map(cellsOf)).toEqual(Array(COLUMNS).fill(1));
  expect(Math.max(...levelsOf(new Uint8Array(512).fill(255), edges).map(cellsOf))).toBe(ROWS);
});

test('rises at once and falls slowly', () => {
  expect(fallen([0], [0.8], 33)).toEqual([0.8]);
  expect(fallen([0.8], [0], 60)[0]).toBeCloseTo(0.7);
  expect(fallen([0.8], [0], 6_000)[0]).toBe(0);
});
