import { act, renderHook } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { useParts } from './use-parts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('parts come one by one, each when the machine is free', () => {
  const waiting: (() => void)[] = [];
  vi.stubGlobal('requestIdleCallback', (run: () => void) => waiting.push(run));
  vi.stubGlobal('cancelIdleCallback', vi.fn());
  const { result } = renderHook(() => useParts(3));
  expect(result.current).toBe(1);
  act(() => waiting.shift()?.());
  expect(result.current).toBe(2);
  act(() => waiting.shift()?.());
  expect(result.current).toBe(3);
  expect(waiting).toEqual([]);
});

test('a browser that does not tell when it is free brings them all the same', () => {
  vi.useFakeTimers();
  vi.stubGlobal('requestIdleCallback', undefined);
  const { result } = renderHook(() => useParts(2));
  expect(result.current).toBe(1);
  act(() => {
    vi.runAllTimers();
  });
  expect(result.current).toBe(2);
});

test('a page that is left brings nothing more', () => {
  vi.useFakeTimers();
  vi.stubGlobal('requestIdleCallback', undefined);
  const { unmount } = renderHook(() => useParts(2));
  unmount();
  expect(vi.getTimerCount()).toBe(0);
});
