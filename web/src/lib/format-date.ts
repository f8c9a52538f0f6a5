import { intlLocale } from './i18n/i18n';

/** A day of the calendar, here: "3 February 2026". */
export const formatDate = (epochMs: number): string =>
  new Intl.DateTimeFormat(intlLocale(), { dateStyle: 'long' }).format(epochMs);
