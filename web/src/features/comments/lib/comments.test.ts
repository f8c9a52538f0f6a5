import { describe, expect, test } from 'vitest';
import { aComment } from '@/testing/songs';
import { lengthOf, LONGEST_COMMENT } from './draft';
import { faceOf } from './face';
import { mergeNewest } from './merge-newest';

describe('new comments', () => {
  const known = {
    pages: [
      { comments: [aComment(3), aComment(2)], nextCursor: 'x' },
      { comments: [aComment(1)], nextCursor: null },
    ],
    pageParams: [null, 'x'],
  };

  test('go to the head, once', () => {
    const merged = mergeNewest(known, [aComment(5), aComment(4), aComment(3), aComment(1)]);
    expect(merged.pages.map((page) => page.comments.map(({ text }) => text))).toEqual([
      ['comment 5', 'comment 4', 'comment 3', 'comment 2'],
      ['comment 1'],
    ]);
    expect(merged.pageParams).toBe(known.pageParams);
  });

  test('that are none leave the list as it is, by identity', () => {
    expect(mergeNewest(known, [aComment(2)])).toBe(known);
    expect(mergeNewest(known, [])).toBe(known);
  });
});

test.each([
  ['', 0],
  ['   ', 0],
  [' hi ', 2],
  ['💕', 1],
  ['e\u0301', 1],
  ['x'.repeat(LONGEST_COMMENT), LONGEST_COMMENT],
])('%j counts as the station counts it', (text, length) => expect(lengthOf(text)).toBe(length));

test('a face is the same for the same name, another for another, and symmetric', () => {
  expect(faceOf('Velvet Comet 42')).toEqual(faceOf('Velvet Comet 42'));
  expect(faceOf('Velvet Comet 42')).not.toEqual(faceOf('Mint Pager 07'));
  const cells = [...faceOf('Velvet Comet 42').path.matchAll(/M(\d) (\d)/g)].map(
    ([, x, y]) => `${x}${y}`,
  );
  for (const cell of cells) expect(cells).toContain(`${7 - Number(cell[0])}${cell[1] ?? ''}`);
});
