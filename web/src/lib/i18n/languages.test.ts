import { expect, test } from 'vitest';
import { languageFor } from './languages';

test.each([
  [['de-AT', 'en'], 'de'],
  [['pt-BR', 'es-419'], 'es'],
  [['JA'], 'ja'],
  [['ar-EG'], 'ar'],
  [['sv', 'fi'], 'en'],
  [['constructor'], 'en'],
  [[], 'en'],
])('who reads %j gets %s', (preferred, language) => {
  expect(languageFor(preferred)).toBe(language);
});
