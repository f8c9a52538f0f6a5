import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { device } from '../storage';
import { currentLanguage, t } from './i18n';
import { chooseLanguage, startLanguage } from './start-language';

const KEY = 'popradio.language';
const browserReads = (...languages: string[]) =>
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(languages);

beforeEach(() => {
  device.set(KEY, '');
  browserReads('en');
});
afterEach(async () => {
  await chooseLanguage('en');
});

test('starts in the language of the browser, and says so to the document', async () => {
  browserReads('pt-BR', 'ar-EG', 'en');
  await startLanguage();
  expect(currentLanguage()).toBe('ar');
  expect(document.documentElement).toHaveAttribute('lang', 'ar');
  expect(document.documentElement).toHaveAttribute('dir', 'rtl');
  expect(t('common:songs', { count: 2 })).toBe('أغنيتان');
});

test('a choice is kept, and goes before the browser', async () => {
  expect(await chooseLanguage('de')).toBe(true);
  expect(device.get(KEY)).toBe('de');
  await startLanguage();
  expect(document.documentElement).toHaveAttribute('lang', 'de');
  expect(document.documentElement).toHaveAttribute('dir', 'ltr');
});

test('choosing what the browser reads means following it again', async () => {
  browserReads('de');
  await chooseLanguage('de');
  browserReads('fr');
  await startLanguage();
  expect(currentLanguage()).toBe('fr');
});

test('the last of two quick choices stands', async () => {
  const first = chooseLanguage('ja');
  await chooseLanguage('en');
  await first;
  expect(currentLanguage()).toBe('en');
  expect(document.documentElement).toHaveAttribute('lang', 'en');
});

test('names in a sentence that runs the other way keep their own direction', async () => {
  await chooseLanguage('ar');
  expect(t('common:songBy', { title: 'Go!', artist: 'AC/DC' })).toBe(
    '\u2068Go!\u2069 لـ\u2068AC/DC\u2069',
  );
  await chooseLanguage('fr');
  expect(t('common:songBy', { title: 'Go! <3', artist: 'AC/DC' })).toBe('Go! <3 de AC/DC');
});

test('numbers are written as the language writes them', async () => {
  await chooseLanguage('de');
  expect(t('common:songs', { count: 1204 })).toBe('1.204 Songs');
  await chooseLanguage('ja');
  expect(t('common:songs', { count: 1204 })).toBe('1,204曲');
});
