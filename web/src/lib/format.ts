import { intlLocale, isBare } from './i18n/i18n';

/** One of each kind for every language: they are costly to make and asked for every second. */
function perLocale<T>(make: (locale: string) => T): () => T {
  const made = new Map<string, T>();
  return () => {
    const locale = intlLocale();
    const known = made.get(locale) ?? make(locale);
    made.set(locale, known);
    return known;
  };
}

const twoDigits = (n: number): string => String(n).padStart(2, '0');

const counts = perLocale((locale) => new Intl.NumberFormat(locale));
const percents = perLocale((locale) => new Intl.NumberFormat(locale, { style: 'percent' }));
const relative = perLocale(
  (locale) => new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' }),
);
const units = perLocale((locale) => {
  const of = (unit: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' });
  return {
    hour: of('hour'),
    minute: of('minute'),
    list: new Intl.ListFormat(locale, { type: 'unit', style: 'narrow' }),
  };
});

/** 18204 → "18,204" */
export const formatCount = (n: number): string => (isBare(n) ? String(n) : counts().format(n));

/** 0.85 → "85%" */
export const formatPercent = (part: number): string => percents().format(part);

/** Seconds as a player shows them, the same everywhere: 107 → "1:47", 3725 → "1:02:05". Never negative. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const h = Math.floor(whole / 3600);
  const m = Math.floor(whole / 60) % 60;
  const s = twoDigits(whole % 60);
  return h > 0 ? `${h}:${twoDigits(m)}:${s}` : `${m}:${s}`;
}

/**
 * The clock on the wall, here: "21:10". All our languages write it so (format.test.ts asks `Intl`), and the first formatter of
 * times takes a phone a tenth of a second to make.
 */
export function formatClock(epochMs: number): string {
  const at = new Date(epochMs);
  return `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
}

/** How long ago, in few letters: "now", "4 min ago", "yesterday". */
export function formatAgo(epochMs: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - epochMs) / 60_000);
  if (minutes < 1) return relative().format(0, 'second');
  if (minutes < 60) return relative().format(-minutes, 'minute');
  if (minutes < 24 * 60) return relative().format(-Math.floor(minutes / 60), 'hour');
  return relative().format(-Math.floor(minutes / (24 * 60)), 'day');
}

/** Playing time of a list: "44 mins", "1 hr 5 mins". */
export function formatLength(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const { hour, minute, list } = units();
  const h = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return list.format([
    ...(h === 0 ? [] : [hour.format(h)]),
    ...(rest === 0 ? [] : [minute.format(rest)]),
  ]);
}

/** "Pop, Country" in the way of the language. */
export const formatList = (parts: readonly string[]): string =>
  new Intl.ListFormat(intlLocale(), { type: 'unit', style: 'short' }).format(parts);
