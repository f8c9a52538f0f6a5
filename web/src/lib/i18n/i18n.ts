import { createInstance } from 'i18next';
import en from '@/locales/en';
import { isLanguage, type Language, LANGUAGES } from './languages';

/**
 * What the app says. English is here at once and is what every other language falls back to; start-language.ts brings the
 * others. Screens ask with `useTranslation('songs')`; what is no screen asks `t('songs:title')`.
 *
 * A new sentence goes into src/locales/en/*.json and into the same file of every language: dev/check-locales.mjs, which runs
 * before every build and test, names what is missing, left over, or without a plural form.
 */
export const i18n = createInstance();

export const currentLanguage = (): Language => (isLanguage(i18n.language) ? i18n.language : 'en');

/** The locale to give to `Intl`. */
export const intlLocale = (): string => LANGUAGES[currentLanguage()].intl;

/** Such a number looks the same in all our languages; and the first formatter takes a phone some ten milliseconds to make. */
export const isBare = (value: number): boolean =>
  Number.isInteger(value) && value >= 0 && value < 1000;

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

void i18n.init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en },
  ns: Object.keys(en),
  defaultNS: 'common',
  initAsync: false,
  returnNull: false,
  interpolation: {
    // React escapes. What is put into a sentence that runs the other way keeps its own direction.
    escapeValue: true,
    escape: (text) =>
      LANGUAGES[currentLanguage()].dir === 'rtl'
        ? `${FIRST_STRONG_ISOLATE}${text}${POP_ISOLATE}`
        : text,
  },
});
i18n.services.formatter?.addCached('number', () => {
  let numbers: Intl.NumberFormat | null = null;
  return (value: number) => {
    if (isBare(value)) return String(value);
    numbers ??= new Intl.NumberFormat(intlLocale());
    return numbers.format(value);
  };
});

export const { t } = i18n;
