import { act, renderHook } from '@testing-library/react';
import type { UIEvent } from 'react';
import { expect, test, vi } from 'vitest';
import { aComment } from '@/testing/songs';
import { useWaitingLines } from './use-waiting-lines';

const scrolled = (scrollTop: number) => ({ currentTarget: { scrollTop } }) as UIEvent<HTMLElement>;

test('new lines wait while one reads further down, and come in when asked', () => {
  const scrollTo = vi.fn();
  const list = { current: { scrollTo } as unknown as HTMLElement };
  const { result, rerender } = renderHook(({ comments }) => useWaitingLines(comments, list), {
    initialProps: { comments: [aComment(2), aComment(1)] },
  });
  act(() => result.current.onScroll(scrolled(120)));
  rerender({ comments: [aComment(4), aComment(3), aComment(2), aComment(1)] });
  expect(result.current.waiting).toBe(2);
  expect(result.current.shown.map(({ text }) => text)).toEqual(['comment 2', 'comment 1']);
  act(() => result.current.letIn());
  expect(result.current.waiting).toBe(0);
  expect(result.current.shown).toHaveLength(4);
  expect(scrollTo).toHaveBeenCalledWith({ top: 0 });
});

test('at the head they come in at once', () => {
  const { result, rerender } = renderHook(
    ({ comments }) => useWaitingLines(comments, { current: null }),
    {
      initialProps: { comments: [aComment(1)] },
    },
  );
  act(() => result.current.onScroll(scrolled(0)));
  rerender({ comments: [aComment(2), aComment(1)] });
  expect(result.current).toMatchObject({
    waiting: 0,
    shown: [{ text: 'comment 2' }, { text: 'comment 1' }],
  });
});
