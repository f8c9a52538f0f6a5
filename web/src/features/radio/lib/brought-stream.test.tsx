import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ServerClock } from '@/lib/server-clock';
import { fakeFetch, yes } from '@/testing/fake-fetch';
import { wireSlot } from '@/testing/songs';
import { type RadioStream, radioStreamOptions } from '../api/get-radio-stream';
import { beginWithBrought } from './brought-stream';

const answer = (listeners: number) => ({
  nowPlaying: wireSlot(0),
  queue: [1, 2].map(wireSlot),
  serverTime: '1970-01-01T00:00:20.000Z',
  listeners,
  playlistId: null,
  skip: { policy: 'vote', votes: 0, needed: 1, voted: false },
});

function pageWith(text: string): void {
  document.body.innerHTML = '<script type="application/json" id="on-air"></script>';
  const [data] = document.getElementsByTagName('script');
  if (data !== undefined) data.textContent = text;
}

/** A page that came when `performance.now()` was 1,000, looked at when it is 1,500. */
function begin(came: number | null = 1_000) {
  const client = new QueryClient();
  const clock = new ServerClock({ monotonic: () => 1_500, wall: () => 9_000_000 });
  beginWithBrought(client, clock, came);
  const stream = client.getQueryData<RadioStream>(radioStreamOptions().queryKey);
  return { client, clock, stream };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.innerHTML = '';
});

test('the first screen has what came with the page, and the time at which it came', () => {
  pageWith(JSON.stringify({ success: true, data: answer(6) }));
  const { stream, clock } = begin();
  expect(stream?.listeners).toBe(6);
  expect(stream?.nowPlaying?.title).toBe('Song 0');
  expect(clock.now()).toBe(20_500);
  expect(clock.measured).toBe(false);
});

test('then the station is asked in the name of the listener', async () => {
  const calls = fakeFetch(() => yes(answer(7)));
  pageWith(JSON.stringify({ success: true, data: answer(6) }));
  const { client } = begin();
  expect(calls).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(calls.map(({ path }) => path)).toEqual(['/v1/radio/stream']);
  expect(client.getQueryData<RadioStream>(radioStreamOptions().queryKey)?.listeners).toBe(7);
});

test.each([
  ['nothing', null, 1_000],
  ['half an answer', '{"success":true,"data":{"nowPl', 1_000],
  ['another shape', '{"success":true,"data":{}}', 1_000],
  ['a page out of a cache', JSON.stringify({ success: true, data: answer(6) }), null],
])('%s is begun with as if it were not there', (_, text, came) => {
  if (text !== null) pageWith(text);
  const { stream, clock } = begin(came);
  expect(stream).toBeUndefined();
  expect(clock.now()).toBe(9_000_000);
  expect(vi.getTimerCount()).toBe(0);
});
