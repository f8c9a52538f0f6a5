import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useRisingHearts } from './use-rising-hearts';

test('as many rise as the count rose by, up to a handful, and each leaves', () => {
  const { result, rerender } = renderHook(({ id, likes }) => useRisingHearts(id, likes), {
    initialProps: { id: 'a', likes: 10 },
  });
  expect(result.current.hearts).toHaveLength(0);
  rerender({ id: 'a', likes: 12 });
  expect(result.current.hearts).toHaveLength(2);
  rerender({ id: 'a', likes: 500 });
  expect(result.current.hearts).toHaveLength(8);
  const first = result.current.hearts[0];
  act(() => result.current.gone(first?.id ?? -1));
  expect(result.current.hearts).toHaveLength(7);
});

test('a like taken back, or another song with more likes, raises none', () => {
  const { result, rerender } = renderHook(({ id, likes }) => useRisingHearts(id, likes), {
    initialProps: { id: 'a', likes: 10 },
  });
  rerender({ id: 'a', likes: 9 });
  rerender({ id: 'b', likes: 900 });
  expect(result.current.hearts).toHaveLength(0);
});
