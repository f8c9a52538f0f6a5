// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { ApiError, ContractError, UnreachableError } from './api/api-error';
import {
  connectionAfter,
  currentConnection,
  reportAnswer,
  reportLimit,
  whenFineAgain,
} from './connection';

test('silence is tried again soon, then patiently', () => {
  const wait = (failures: number) => {
    const next = connectionAfter(new UnreachableError('x'), failures, 0);
    return next !== null && 'untilMs' in next ? next.untilMs : null;
  };
  expect([1, 2, 3, 4, 5, 6, 60].map(wait)).toEqual([
    2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 30_000,
  ]);
});

test('a limit lasts as long as the station says', () => {
  expect(connectionAfter(new ApiError(429, 'rate_limited', 'x', 900), 1, 1_000)).toEqual({
    state: 'limit',
    untilMs: 901_000,
  });
});

test('busy waits at least as long as asked', () => {
  expect(connectionAfter(new ApiError(503, 'unavailable', 'x', 20), 1, 0)).toEqual({
    state: 'busy',
    untilMs: 20_000,
  });
});

test.each([new ApiError(404, 'song_not_found', 'x'), new ContractError('x'), new Error('x')])(
  '%s concerns one question, not the whole page',
  (error) => expect(connectionAfter(error, 1, 0)).toBeNull(),
);

test('recovers by itself with the next answer', () => {
  reportAnswer(new UnreachableError('x'));
  expect(currentConnection().state).toBe('unreachable');
  reportAnswer(null);
  expect(currentConnection()).toEqual({ state: 'fine' });
});

test('a question too many concerns the page until the limit is over, whatever the events tell', () => {
  vi.useFakeTimers();
  const fineAgain = vi.fn();
  const end = whenFineAgain(fineAgain);
  reportLimit(new ApiError(404, 'song_not_found', 'x'));
  expect(currentConnection().state).toBe('fine');
  reportLimit(new ApiError(429, 'rate_limited', 'x', 900));
  expect(currentConnection().state).toBe('limit');
  reportAnswer(null);
  vi.advanceTimersByTime(899_000);
  expect(currentConnection().state).toBe('limit');
  expect(fineAgain).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(currentConnection().state).toBe('fine');
  expect(fineAgain).toHaveBeenCalledOnce();
  end();
  vi.useRealTimers();
});
