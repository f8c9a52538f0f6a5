import { afterEach, describe, expect, test } from 'vitest';
import {
  formatAgo,
  formatClock,
  formatCount,
  formatLength,
  formatList,
  formatPercent,
  formatSeconds,
} from './format';
import { i18n } from './i18n/i18n';
import { type Language, LANGUAGE_CODES, LANGUAGES } from './i18n/languages';

/** Only the forms of Intl are looked at here; the words of a language are not needed for them. */
const speak = (language: Language) => i18n.changeLanguage(language);
afterEach(async () => {
  await i18n.changeLanguage('en');
});

test.each([
  [107, '1:47'],
  [0, '0:00'],
  [59.99, '0:59'],
  [3725, '1:02:05'],
  [-3, '0:00'],
])('%d seconds are %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [0, 'now'],
  [MINUTE - 1, 'now'],
  [MINUTE, '1 min ago'],
  [2 * HOUR, '2 hr ago'],
  [DAY, 'yesterday'],
  [3 * DAY + 5, '3 days ago'],
])('%d milliseconds ago is %s', (ms, text) => expect(formatAgo(0, ms)).toBe(text));

test.each([
  [20, '1 min'],
  [2640, '44 mins'],
  [3600, '1 hr'],
  [3900, '1 hr 5 mins'],
])('%d seconds of music are %s', (seconds, text) => expect(formatLength(seconds)).toBe(text));

describe.each([
  ['en', '18,204', '50%', '4 min ago', '1 hr 44 mins'],
  ['es', '18.204', '50 %', 'hace 4 min', '1 h 44 min'],
  ['fr', '18 204', '50 %', 'il y a 4 min', '1 h 44 min'],
  ['de', '18.204', '50 %', 'vor 4 Min.', '1 Std., 44 Min.'],
  ['ja', '18,204', '50%', '4 分前', '1 時間44 分'],
  ['ar', '18,204', '50%', 'قبل 4 دقائق', '1 س و44 د'],
] as const)('in %s', (language, count, percent, ago, length) => {
  /** Which blanks and invisible marks Intl uses changes from year to year; the forms do not. */
  const plain = (text: string) => text.replaceAll(/\s/g, ' ').replaceAll(/[\u200e\u200f]/g, '');

  test('numbers and times have their form', async () => {
    await speak(language);
    expect(plain(formatCount(18_204))).toBe(count);
    expect(plain(formatPercent(0.5))).toBe(percent);
    expect(plain(formatAgo(0, 4 * MINUTE))).toBe(ago);
    expect(plain(formatLength(6240))).toBe(length);
  });
});

test.each(LANGUAGE_CODES)('in %s digits are those of the display', async (language) => {
  await speak(language);
  expect(formatClock(0)).toMatch(/^\d\d:\d\d$/);
  expect(formatSeconds(107)).toBe('1:47');
});

test('a list has the comma of its language', async () => {
  expect(formatList(['Pop', 'Rock'])).toBe('Pop, Rock');
  await speak('ja');
  expect(formatList(['Pop', 'Rock'])).toBe('Pop Rock');
});

test.each(LANGUAGE_CODES)(
  'what is written without Intl looks as Intl has it in %s',
  async (code) => {
    await speak(code);
    const clock = new Intl.DateTimeFormat(LANGUAGES[code].intl, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    const counts = new Intl.NumberFormat(LANGUAGES[code].intl);
    for (let hour = 0; hour < 24; hour += 1)
      expect(formatClock(hour * HOUR + 7 * MINUTE)).toBe(clock.format(hour * HOUR + 7 * MINUTE));
    for (const n of [0, 7, 42, 999, 1000, 18_204, -1, 0.5]) {
      expect(formatCount(n)).toBe(counts.format(n));
      expect(i18n.t('common:songs', { count: n, lng: code })).toContain(counts.format(n));
    }
  },
);
