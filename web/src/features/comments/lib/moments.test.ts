import { describe, expect, test } from 'vitest';
import { aComment } from '@/testing/songs';
import { dueMoments, nothingShown, SHOWN_MS, turn } from './moments';

const STARTED = 1_000_000;
const earlier = (n: number, atMs: number) => aComment(n, { atMs, createdAt: STARTED - 60_000 });

test('comes at its second, once, and only from earlier plays', () => {
  const lines = [
    earlier(1, 20_000),
    earlier(2, 20_500),
    aComment(3, { createdAt: STARTED - 60_000 }), // about the whole song
    aComment(4, { atMs: 20_200, createdAt: STARTED + 20_200 }), // said in this very play
  ];
  const shown: string[] = [];
  for (let at = 18_000; at <= 23_000; at += 500) {
    for (const { _id } of dueMoments(lines, at - 500, at, STARTED)) shown.push(_id);
  }
  expect(shown).toEqual([lines[0]?._id, lines[1]?._id]);
});

describe('what is shown', () => {
  const first = earlier(1, 0);
  const second = earlier(2, 0);

  test('stands for a while, and goes', () => {
    const shown = turn(nothingShown, 0, [first]);
    expect(turn(shown, SHOWN_MS - 1)).toBe(shown);
    expect(turn(shown, SHOWN_MS).lines).toEqual([]);
  });

  test('makes room sooner for what waits', () => {
    let shown = turn(nothingShown, 0, [first]);
    shown = turn(shown, 1_000, [second]);
    expect(shown.lines[0]).toBe(first);
    shown = turn(shown, SHOWN_MS / 2);
    expect(shown.lines).toEqual([second]);
    expect(turn(shown, SHOWN_MS / 2 + SHOWN_MS).lines).toEqual([]);
  });

  test('is never the same line twice, and never a long queue', () => {
    const shown = turn(turn(nothingShown, 0, [first]), 100, [first]);
    expect(shown.lines).toHaveLength(1);
    const crowd = Array.from({ length: 50 }, (_, n) => earlier(n, 0));
    expect(turn(nothingShown, 0, crowd).lines).toHaveLength(4);
  });

  test('nothing new is the same object: nothing is drawn anew', () => {
    expect(turn(nothingShown, 0)).toBe(nothingShown);
    expect(turn(nothingShown, 0, [])).toBe(nothingShown);
  });
});
