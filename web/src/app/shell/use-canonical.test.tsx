import { renderHook } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { useCanonical } from './use-canonical';

const canonical = () => document.querySelector<HTMLLinkElement>('link[rel="canonical"]')?.href;
afterEach(() => {
  document.head.innerHTML = '';
});

test('the address that is shared is that of the page one went to', () => {
  document.head.innerHTML = '<link rel="canonical" href="https://radio.example/">';
  const { rerender } = renderHook(({ path }) => useCanonical(path), {
    initialProps: { path: '/songs/507f1f77bcf86cd799439011' },
  });
  expect(canonical()).toBe('https://radio.example/songs/507f1f77bcf86cd799439011');
  rerender({ path: '/songs/' });
  expect(canonical()).toBe('https://radio.example/songs');
  rerender({ path: '/' });
  expect(canonical()).toBe('https://radio.example/');
});

test('a page without an address of its own gets none', () => {
  renderHook(() => useCanonical('/songs'));
  expect(canonical()).toBeUndefined();
});
