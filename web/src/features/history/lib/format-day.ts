import { intlLocale } from '@/lib/i18n/i18n';

/** The name of a day: "Today", "Yesterday", then "Tuesday 3 February". */
export function formatDay(dayMs: number, ago: number, locale: string = intlLocale()): string {
  const name =
    ago <= 1
      ? new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-Math.max(0, ago), 'day')
      : new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }).format(
          dayMs,
        );
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
}
