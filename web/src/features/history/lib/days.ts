import type { Slot } from '../api/get-history';

export interface Day {
  /** Midnight at its start, in this listener's time zone; epoch milliseconds. */
  startMs: number;
  slots: Slot[];
}

/** Midnight before a moment, here. Days of 23 and 25 hours are the calendar's business, not ours. */
export function dayOf(epochMs: number): number {
  const date = new Date(epochMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/**
 * The playings by the day on which they began here, newest first. A page that was fetched while a song ended repeats
 * what the page before it had: once is enough.
 */
export function byDay(slots: readonly Slot[]): Day[] {
  const days: Day[] = [];
  const seen = new Set<number>();
  for (const slot of slots) {
    if (seen.has(slot.seq)) continue;
    seen.add(slot.seq);
    const startMs = dayOf(slot.startsAt);
    const last = days.at(-1);
    if (last?.startMs === startMs) last.slots.push(slot);
    else days.push({ startMs, slots: [slot] });
  }
  return days;
}

/** How many days before today a day lies; 0 is today. */
export const daysAgo = (dayMs: number, nowMs: number): number =>
  Math.round((dayOf(nowMs) - dayMs) / (24 * 3600_000));
