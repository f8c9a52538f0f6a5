import { currentLanguage, t } from './i18n/i18n';

const CODES = [
  'rotation',
  'featured',
  'pinned',
  'fresh',
  'loved',
  'relaxed_artist',
  'relaxed_song',
  'only_song',
] as const;

interface Why {
  code: string;
  text: string;
}

/**
 * Why a song was chosen, in the listener's language. The station's own words are English and may say more than the code:
 * they stand in English, and for a reason that this page does not know yet.
 */
export function reasonOf({ code, text }: Why): string {
  const known = CODES.find((one) => one === code);
  return known === undefined || currentLanguage() === 'en' ? text : t(`radio:why.${known}`);
}
