import { expect, test } from 'vitest';
import { formatAgo, formatCount, formatLength, formatSeconds, plural } from './format';

test.each([
  [107, '1:47'],
  [0, '0:00'],
  [59.99, '0:59'],
  [3725, '1:02:05'],
  [-3, '0:00'],
])('%d seconds are %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));

test.each([
  [0, 'now'],
  [59_000, 'now'],
  [60_000, '1 min'],
  [2 * 3_600_000, '2 h'],
  [3 * 86_400_000 + 5, '3 d'],
])('%d milliseconds ago is %s', (ms, text) => expect(formatAgo(0, ms)).toBe(text));

test.each([
  [20, '1 min'],
  [2640, '44 min'],
  [3600, '1 h'],
  [3900, '1 h 5 min'],
])('%d seconds of music are %s', (seconds, text) => expect(formatLength(seconds)).toBe(text));

test('counts have their commas and nouns their number', () => {
  expect(formatCount(18204)).toBe('18,204');
  expect(plural(1, 'song', 'songs')).toBe('1 song');
  expect(plural(1024, 'song', 'songs')).toBe('1,024 songs');
});
