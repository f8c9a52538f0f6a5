import type { Locale } from '@/locales/locale';
import { device } from '../storage';
import { currentLanguage, i18n } from './i18n';
import { isLanguage, type Language, languageFor, LANGUAGES } from './languages';

const KEY = 'popradio.language';

/** Each is a file of its own, fetched when somebody reads it. */
const WORDS: Record<Exclude<Language, 'en'>, () => Promise<{ default: Locale }>> = {
  es: () => import('@/locales/es'),
  fr: () => import('@/locales/fr'),
  de: () => import('@/locales/de'),
  ja: () => import('@/locales/ja'),
  ar: () => import('@/locales/ar'),
};

/** The choice of a moment ago: a slow file of an earlier choice must not come after it. */
let wanted: Language = 'en';

/** Speaks a language from now on. @throws when its words cannot be had; the app then speaks what it spoke. */
async function speak(language: Language): Promise<void> {
  wanted = language;
  if (language !== 'en' && !i18n.hasResourceBundle(language, 'common')) {
    const { default: words } = await WORDS[language]();
    for (const [namespace, texts] of Object.entries(words)) {
      i18n.addResourceBundle(language, namespace, texts);
    }
  }
  if (wanted !== language) return;
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
  document.documentElement.dir = LANGUAGES[language].dir;
}

const browsers = (): Language => languageFor(navigator.languages);

/** Called once before the first paint: the listener's choice, else the browser's. English if that cannot be had. */
export async function startLanguage(): Promise<void> {
  const kept = device.get(KEY);
  await speak(isLanguage(kept) ? kept : browsers()).catch(() => speak('en'));
}

/**
 * Changes the language, now and for the next visits. Choosing what the browser asks for means following it again.
 * @returns false when the words could not be had.
 */
export async function chooseLanguage(language: Language): Promise<boolean> {
  try {
    await speak(language);
  } catch {
    wanted = currentLanguage();
    return false;
  }
  device.set(KEY, language === browsers() ? 'browser' : language);
  return true;
}
