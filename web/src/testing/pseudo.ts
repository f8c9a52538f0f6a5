import { i18n } from '@/lib/i18n/i18n';
import en from '@/locales/en';

/** Letters that nobody types, in place of those of English: "Try again" → "Ṫŕÿ áğáíñ". */
const FROM = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const TO = 'áƀćďéḟğĥíĵķĺḿñóṗʠŕśťúṽẃẋÿźÁƁĆĎÉḞĞĤÍĴĶĹḾÑÓṖɊŔŚŤÚṼẂẊŸŹ';
const foreign = new Map([...FROM].map((letter, i) => [letter, [...TO][i] ?? letter]));

/** The station's name is a name in every language. */
const KEPT = /\{\{[^}]*\}\}|PopRadio/;

export const pseudo = (text: string): string =>
  text
    .split(new RegExp(`(${KEPT.source})`))
    .map((part) =>
      KEPT.test(part) ? part : [...part].map((one) => foreign.get(one) ?? one).join(''),
    )
    .join('');

interface Texts {
  [key: string]: string | Texts;
}
const pseudoOf = (texts: Texts): Texts =>
  Object.fromEntries(
    Object.entries(texts).map(([key, value]) => [
      key,
      typeof value === 'string' ? pseudo(value) : pseudoOf(value),
    ]),
  );

/**
 * Every sentence of the app in pseudo-English, in the place of Japanese: whatever is still written with English letters then
 * did not come from the languages, and not from `Intl` either.
 */
export async function speakPseudo(): Promise<void> {
  for (const [namespace, texts] of Object.entries(en))
    i18n.addResourceBundle('ja', namespace, pseudoOf(texts), true, true);
  await i18n.changeLanguage('ja');
}

const READ = ['aria-label', 'aria-valuetext', 'title', 'placeholder', 'alt'];
/** What is no sentence of ours: commands to type, names that languages give themselves, keys of a keyboard. */
const NOT_OURS = 'code, kbd, option, style, script';
/** The station's name, and its address. */
const NAMES = /PopRadio|localhost(?::\d+)?/g;
const ENGLISH = /[A-Za-z]{2,}/;

/** All that is read on the page, or read out, with English letters in it. */
export function englishIn(root: Element): string[] {
  const texts: string[] = [document.title];
  for (const element of root.querySelectorAll('*')) {
    if (element.closest(NOT_OURS) !== null) continue;
    for (const name of READ) texts.push(element.getAttribute(name) ?? '');
    for (const node of element.childNodes)
      if (node.nodeType === Node.TEXT_NODE) texts.push(node.textContent ?? '');
  }
  return texts.filter((text) => ENGLISH.test(text.replaceAll(NAMES, '')));
}
