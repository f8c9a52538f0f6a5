import { act } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderHook } from '@/testing/render';
import { aSong } from '@/testing/songs';
import { usePlayThrough } from './use-play-through';

test('plays a list in its order, and is over after the last one', () => {
  const songs = [aSong(1), aSong(2)];
  const { result } = renderHook(() => usePlayThrough('a', songs));
  expect(result.current).toMatchObject({ song: null, place: 0, hasNext: false });
  act(() => result.current.start());
  expect(result.current).toMatchObject({ song: songs[0], place: 1, hasNext: true });
  act(() => result.current.next());
  expect(result.current).toMatchObject({ song: songs[1], place: 2, hasNext: false });
  act(() => result.current.next());
  expect(result.current.song).toBeNull();
});

test('begins where it is told to, and stops', () => {
  const songs = [aSong(1), aSong(2), aSong(3)];
  const { result } = renderHook(() => usePlayThrough('a', songs));
  act(() => result.current.start(2));
  expect(result.current.place).toBe(3);
  act(() => result.current.stop());
  expect(result.current.song).toBeNull();
});

test('another list is silent, and so is an empty one', () => {
  let list = 'a';
  const songs = [aSong(1)];
  const { result, rerender } = renderHook(() => usePlayThrough(list, songs));
  act(() => result.current.start());
  list = 'b';
  rerender();
  expect(result.current.song).toBeNull();
  const empty = renderHook(() => usePlayThrough('c', []));
  act(() => empty.result.current.start());
  expect(empty.result.current.song).toBeNull();
});
