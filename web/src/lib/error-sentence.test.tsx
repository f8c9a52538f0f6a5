import { afterEach, expect, test } from 'vitest';
import { ApiError } from './api/api-error';
import { refusalOf } from './error-sentence';
import { chooseLanguage } from './i18n/start-language';

afterEach(async () => {
  await chooseLanguage('en');
});

const gone = new ApiError(404, 'song_not_found', 'There is no such song.');

test('in English the station speaks for itself', () => {
  expect(refusalOf(gone)).toBe('There is no such song.');
});

test('in other languages its code is translated, and an unknown one quoted', async () => {
  await chooseLanguage('es');
  expect(refusalOf(gone)).toBe('Esa canción ya no está en la estantería.');
  expect(refusalOf(new ApiError(400, 'brand_new', 'Something new.'))).toBe('Something new.');
  expect(refusalOf(new ApiError(429, 'rate_limited', 'x', 900), 0)).toMatch(/a las \d\d:\d\d\.$/);
});

test('what the station did not say is not put into its mouth', () => {
  expect(refusalOf(new TypeError('Failed to fetch'))).toBeNull();
});
