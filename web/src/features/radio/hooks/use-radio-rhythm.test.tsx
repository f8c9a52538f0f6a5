import { act, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { currentConnection } from '@/lib/connection';
import { FakeEvents } from '@/testing/fake-events';
import { fakeFetch, no, yes } from '@/testing/fake-fetch';
import { handClock, renderHook } from '@/testing/render';
import { wireSlot } from '@/testing/songs';
import { useOnAir } from './use-on-air';
import { useRadioRhythm } from './use-radio-rhythm';

const answer = (first: number) => ({
  nowPlaying: wireSlot(first),
  queue: [1, 2, 3, 4, 5].map((n) => wireSlot(first + n)),
  serverTime: '1970-01-01T00:00:20.000Z',
  listeners: 6,
  playlistId: null,
  skip: { policy: 'vote', votes: 0, needed: 3, voted: false },
});

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('asks at once, and again right after the change of song, not before', async () => {
  const { clock, set } = handClock(58_000);
  const asked = fakeFetch(() => yes(answer(0)));
  const { result } = renderHook(() => useRadioRhythm(), { clock });
  await waitFor(() => expect(result.current?.nowPlaying?.seq).toBe(0));
  expect(asked).toHaveLength(1);
  set(59_900);
  await act(() => vi.advanceTimersByTimeAsync(1_900));
  expect(asked).toHaveLength(1);
  set(62_100);
  await act(() => vi.advanceTimersByTimeAsync(2_300));
  expect(asked).toHaveLength(2);
});

test('in between it looks about twice a minute', async () => {
  const { clock } = handClock(0);
  const asked = fakeFetch(() => yes(answer(0)));
  renderHook(() => useRadioRhythm(), { clock });
  await waitFor(() => expect(asked).toHaveLength(1));
  await act(() => vi.advanceTimersByTimeAsync(19_000));
  expect(asked).toHaveLength(1);
  await act(() => vi.advanceTimersByTimeAsync(12_000));
  expect(asked).toHaveLength(2);
});

test('says that nobody answers, tries again by itself, and recovers', async () => {
  let up = false;
  const asked = fakeFetch(() => (up ? yes(answer(0)) : new TypeError('Failed to fetch')));
  const { result } = renderHook(() => useRadioRhythm(), { clock: handClock(0).clock });
  await waitFor(() => expect(currentConnection().state).toBe('unreachable'));
  up = true;
  await act(() => vi.advanceTimersByTimeAsync(4_000));
  await waitFor(() => expect(currentConnection().state).toBe('fine'));
  expect(result.current?.listeners).toBe(6);
  expect(asked).toHaveLength(2);
});

test('a limit is waited out, not fought', async () => {
  const asked = fakeFetch(() => no(429, 'rate_limited', 'Too many.', 120));
  renderHook(() => useRadioRhythm(), { clock: handClock(0).clock });
  await waitFor(() => expect(currentConnection().state).toBe('limit'));
  await act(() => vi.advanceTimersByTimeAsync(110_000));
  expect(asked).toHaveLength(1);
  await act(() => vi.advanceTimersByTimeAsync(40_000));
  expect(asked).toHaveLength(2);
});

test('what is on air turns at its moment, without an answer', async () => {
  const { clock, set } = handClock(59_000);
  fakeFetch(() => yes(answer(0)));
  const { result } = renderHook(() => useOnAir(useRadioRhythm()), { clock });
  await waitFor(() => expect(result.current.current?.seq).toBe(0));
  set(60_005);
  await act(() => vi.advanceTimersByTimeAsync(1_010));
  expect(result.current.current?.seq).toBe(1);
});

describe('while the events tell', () => {
  test('it asks once and then no more, whatever time it gets', async () => {
    const { clock, set } = handClock(0);
    const asked = fakeFetch(() => yes(answer(0)));
    renderHook(() => useRadioRhythm(), { clock, events: new FakeEvents() });
    await waitFor(() => expect(asked).toHaveLength(1));
    set(50_000);
    await act(() => vi.advanceTimersByTimeAsync(50_000));
    expect(asked).toHaveLength(1);
  });

  test('a change of song that nobody tells of is asked about, once', async () => {
    const { clock, set } = handClock(0);
    const asked = fakeFetch(() => yes(answer(0)));
    renderHook(() => useRadioRhythm(), { clock, events: new FakeEvents() });
    await waitFor(() => expect(asked).toHaveLength(1));
    set(81_000);
    await act(() => vi.advanceTimersByTimeAsync(81_000));
    expect(asked).toHaveLength(2);
  });

  test('when they stop, it asks as it did', async () => {
    const { clock } = handClock(0);
    const events = new FakeEvents();
    const asked = fakeFetch(() => yes(answer(0)));
    renderHook(() => useRadioRhythm(), { clock, events });
    await waitFor(() => expect(asked).toHaveLength(1));
    act(() => events.become('connecting'));
    await act(() => vi.advanceTimersByTimeAsync(31_000));
    expect(asked).toHaveLength(2);
    act(() => events.become('open'));
    await act(() => vi.advanceTimersByTimeAsync(31_000));
    expect(asked).toHaveLength(2);
  });
});
