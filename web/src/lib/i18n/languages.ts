/** What the app speaks: how a language calls itself, which way it runs, and what `Intl` is asked for. */
export const LANGUAGES = {
  en: { name: 'English', dir: 'ltr', intl: 'en-GB' },
  es: { name: 'Español', dir: 'ltr', intl: 'es' },
  fr: { name: 'Français', dir: 'ltr', intl: 'fr' },
  de: { name: 'Deutsch', dir: 'ltr', intl: 'de' },
  ja: { name: '日本語', dir: 'ltr', intl: 'ja' },
  // The display's dots have no other digits, and half of the Arabic-speaking web writes these.
  ar: { name: 'العربية', dir: 'rtl', intl: 'ar-u-nu-latn' },
} as const;

export type Language = keyof typeof LANGUAGES;
export const LANGUAGE_CODES = Object.keys(LANGUAGES) as Language[];

export const isLanguage = (text: string | null | undefined): text is Language =>
  text != null && Object.hasOwn(LANGUAGES, text);

/** The first of somebody's languages that the app speaks; English for those who speak none of them. */
export function languageFor(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const base = tag.toLowerCase().split('-')[0] ?? '';
    if (isLanguage(base)) return base;
  }
  return 'en';
}
