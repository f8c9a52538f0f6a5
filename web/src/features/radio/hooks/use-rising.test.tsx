import { act, renderHook as renderAlone } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { FakeEvents } from '@/testing/fake-events';
import { renderHook } from '@/testing/render';
import { aSong } from '@/testing/songs';
import { useRising } from './use-rising';

test('as many rise as the count rose by, up to a handful, and each leaves', () => {
  const { result, rerender } = renderAlone(({ id, likes }) => useRising(id, likes), {
    initialProps: { id: 'a', likes: 10 },
  });
  expect(result.current.risers).toHaveLength(0);
  rerender({ id: 'a', likes: 12 });
  expect(result.current.risers).toHaveLength(2);
  rerender({ id: 'a', likes: 500 });
  expect(result.current.risers).toHaveLength(10);
  rerender({ id: 'a', likes: 900 });
  expect(result.current.risers).toHaveLength(12);
  const first = result.current.risers[0];
  act(() => result.current.gone(first?.id ?? -1));
  expect(result.current.risers).toHaveLength(11);
});

test('a like taken back, or another song with more likes, raises none', () => {
  const { result, rerender } = renderAlone(({ id, likes }) => useRising(id, likes), {
    initialProps: { id: 'a', likes: 10 },
  });
  rerender({ id: 'a', likes: 9 });
  rerender({ id: 'b', likes: 900 });
  expect(result.current.risers).toHaveLength(0);
});

test('reactions rise when they arrive, mixed and no more than a handful, and are counted', () => {
  vi.useFakeTimers();
  const events = new FakeEvents();
  const { result } = renderHook(() => useRising('a', 10), { events });
  const songId = aSong(0)._id;
  act(() => events.say('reaction', { songId, reactions: { '💖': 1, '🔥': 1 } }));
  expect(result.current.risers.map(({ kind }) => kind)).toEqual(['💖', '🔥']);
  act(() => events.say('reaction', { songId, reactions: { '💖': 400 } }));
  expect(result.current.risers).toHaveLength(10);
  expect(result.current.tally).toEqual({ '💖': 401, '🔥': 1 });
  act(() => {
    vi.advanceTimersByTime(4_100);
  });
  expect(result.current.tally).toEqual({});
  vi.useRealTimers();
});
