import { describe, expect, it } from 'vitest';
import { formatDay } from './format-day';

const day = new Date(2026, 1, 3).getTime();

describe('the name of a day', () => {
  it.each([
    ['en-GB', 0, 'Today'],
    ['en-GB', 1, 'Yesterday'],
    ['en-GB', 2, 'Tuesday 3 February'],
    ['de', 0, 'Heute'],
    ['fr', 1, 'Hier'],
    ['ja', 2, '2月3日火曜日'],
  ])('in %s, %i days ago: %s', (locale, ago, name) => {
    expect(formatDay(day, ago, locale)).toBe(name);
  });

  it('calls a day that has not begun here today: the station’s clock is a little ahead', () => {
    expect(formatDay(day, -1, 'en-GB')).toBe('Today');
  });
});
