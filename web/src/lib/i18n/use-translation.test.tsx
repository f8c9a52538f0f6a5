import { act, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { pseudo, speakPseudo } from '@/testing/pseudo';
import { i18n } from './i18n';
import { useTranslation } from './use-translation';

afterEach(() => i18n.changeLanguage('en'));

function Screen() {
  const { t } = useTranslation(['radio', 'common']);
  return (
    <>
      <p data-testid="plain">{t('join')}</p>
      <p data-testid="other">{t('common:tryAgain')}</p>
      <p data-testid="woven">{t('company', { count: 1234, time: '1:47' })}</p>
      <p data-testid="few">{t('company', { count: 2, time: '1:47' })}</p>
    </>
  );
}
const text = (id: string) => screen.getByTestId(id).textContent;

test('a screen says its sentences, and those of other namespaces by their full name', () => {
  render(<Screen />);
  expect(text('plain')).toBe(i18n.t('radio:join'));
  expect(text('other')).toBe(i18n.t('common:tryAgain'));
  expect(text('woven')).toBe('You land at 1:47, with 1,234 others');
  expect(text('few')).toBe('You land at 1:47, with 2 others');
});

test('a screen changes its language in place, and back', async () => {
  render(<Screen />);
  const english = text('plain') ?? '';
  await act(speakPseudo);
  expect(text('plain')).toBe(pseudo(english));
  await act(() => i18n.changeLanguage('en'));
  expect(text('plain')).toBe(english);
});

test('what a language lacks is said in English', async () => {
  render(<Screen />);
  await act(() => i18n.changeLanguage('fr')); // no words of it were fetched
  expect(text('plain')).toBe(i18n.t('radio:join', { lng: 'en' }));
});
