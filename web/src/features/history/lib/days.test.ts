import { describe, expect, it } from 'vitest';
import { aSong } from '@/testing/songs';
import type { Slot } from '../api/get-history';
import { byDay, dayOf, daysAgo } from './days';

const slot = (seq: number, startsAt: Date): Slot => ({
  seq,
  song: aSong(seq),
  startsAt: startsAt.getTime(),
  endsAt: startsAt.getTime() + 60_000,
  why: { code: 'rotation', text: 'It was its turn.' },
  skipped: false,
});

describe('history by day', () => {
  it('parts at midnight here, and keeps the order', () => {
    const days = byDay([
      slot(4, new Date(2026, 2, 2, 0, 1)),
      slot(3, new Date(2026, 2, 1, 23, 59)),
      slot(2, new Date(2026, 2, 1, 0, 0)),
      slot(1, new Date(2026, 1, 28, 12, 0)),
    ]);
    expect(days.map((day) => day.slots.map(({ seq }) => seq))).toEqual([[4], [3, 2], [1]]);
    expect(days[0]?.startMs).toBe(new Date(2026, 2, 2).getTime());
  });

  it('shows a playing once although two pages carry it', () => {
    const noon = new Date(2026, 2, 1, 12);
    const days = byDay([slot(3, noon), slot(2, noon), slot(2, noon), slot(1, noon)]);
    expect(days.flatMap((day) => day.slots.map(({ seq }) => seq))).toEqual([3, 2, 1]);
  });

  it.each([
    ['this morning', new Date(2026, 2, 29, 0, 30), 0],
    ['late last night', new Date(2026, 2, 28, 23, 59), 1],
    ['a week before', new Date(2026, 2, 22, 3), 7],
  ])('counts whole days from %s, also where the clocks change', (_, then, ago) => {
    const now = new Date(2026, 2, 29, 22).getTime();
    expect(daysAgo(dayOf(then.getTime()), now)).toBe(ago);
  });
});
