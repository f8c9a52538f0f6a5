import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SkipState } from '../api/get-radio-stream';
import { useShownVote } from './use-shown-vote';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const none: SkipState = { policy: 'vote', votes: 0, needed: 1, voted: false };
const over = (change: Partial<SkipState>): SkipState => ({ ...none, ...change });

const start = (first: SkipState) =>
  renderHook(({ seq, skip }) => useShownVote(seq, skip), { initialProps: { seq: 1, skip: first } });

test('alone in the room the own vote is seen, and for a moment that it has passed', () => {
  const { result, rerender } = start(none);
  expect(result.current).toBeNull();
  rerender({ seq: 1, skip: over({ votes: 1, voted: true }) });
  expect(result.current).toEqual({ votes: 1, needed: 1, passed: false });
  rerender({ seq: 2, skip: over({}) });
  expect(result.current).toEqual({ votes: 1, needed: 1, passed: true });
  act(() => {
    vi.advanceTimersByTime(2_400);
  });
  expect(result.current).not.toBeNull();
  rerender({ seq: 2, skip: over({ needed: 2 }) });
  act(() => {
    vi.advanceTimersByTime(100);
  });
  expect(result.current).toBeNull();
});

test('a vote on the next song takes its place', () => {
  const { result, rerender } = start(over({ votes: 1, voted: true }));
  rerender({ seq: 2, skip: over({}) });
  rerender({ seq: 2, skip: over({ votes: 1, needed: 3 }) });
  expect(result.current).toEqual({ votes: 1, needed: 3, passed: false });
});

test.each([
  ['that somebody else gave', over({ votes: 1 })],
  ['that did not pass', over({ votes: 1, needed: 2, voted: true })],
])('a vote %s goes with its song', (_, skip) => {
  const { result, rerender } = start(skip);
  rerender({ seq: 2, skip: none });
  expect(result.current).toBeNull();
});

test('without a vote to cast there is none to show', () => {
  const { result } = start(over({ policy: 'curator', votes: 1 }));
  expect(result.current).toBeNull();
});
