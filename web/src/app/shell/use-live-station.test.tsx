import { type QueryClient, useInfiniteQuery } from '@tanstack/react-query';
import { act, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { commentsOptions } from '@/features/comments/api/get-comments';
import { commentsOf } from '@/features/comments/lib/pages';
import { radioStreamOptions } from '@/features/radio/api/get-radio-stream';
import { withVote } from '@/features/radio/api/skip-song';
import { useRadioRhythm } from '@/features/radio/hooks/use-radio-rhythm';
import type { EventSong } from '@/lib/events/station-event';
import { FakeEvents } from '@/testing/fake-events';
import { fakeFetch, yes } from '@/testing/fake-fetch';
import { handClock, renderHook } from '@/testing/render';
import { aComment, aSlot, wireSlot } from '@/testing/songs';
import { SPREAD_MS, useLiveStation } from './use-live-station';

const answer = (first: number) => ({
  nowPlaying: wireSlot(first),
  queue: [1, 2, 3, 4, 5].map((n) => wireSlot(first + n)),
  serverTime: '1970-01-01T00:00:20.000Z',
  listeners: 6,
  playlistId: null,
  skip: { policy: 'vote', votes: 0, needed: 3, voted: false },
});
const slot = (seq: number, over: Partial<EventSong> = {}): EventSong => ({
  ...aSlot(seq),
  ...over,
});
const target = { type: 'song', id: aComment(1).targetId } as const;
const wire = (n: number) => ({ ...aComment(n), createdAt: new Date(n * 1000).toISOString() });
/** The shelf has liked this one; no answer has told of it yet. */
const LIKED = aSlot(9)._id;

let events: FakeEvents;
let client: QueryClient;
let asked: ReturnType<typeof fakeFetch>;

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  events = new FakeEvents();
  asked = fakeFetch(({ path }) => {
    if (path === '/v1/sessions/me')
      return yes({
        createdAt: '2026-01-01T00:00:00.000Z',
        author: 'Velvet Comet 1',
        liked: { songs: [LIKED], playlists: [] },
      });
    if (path.includes('/comments')) return yes({ comments: [wire(2), wire(1)], nextCursor: null });
    return yes(answer(0));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Lets something happen, and the page take it in. */
async function told(happens: () => void): Promise<void> {
  act(happens);
  await act(() => vi.advanceTimersByTimeAsync(1));
}

async function page() {
  const { clock } = handClock(20_000);
  const { result, client: made } = renderHook(
    () => {
      useLiveStation();
      const stream = useRadioRhythm();
      const { data } = useInfiniteQuery(commentsOptions(target));
      return { stream, comments: data === undefined ? [] : commentsOf(data) };
    },
    { clock, events },
  );
  client = made;
  await waitFor(() => expect(result.current.stream).toBeDefined());
  await waitFor(() => expect(result.current.comments).toHaveLength(2));
  return result;
}
const count = (path: string): number => asked.filter((one) => one.path.startsWith(path)).length;

test('the next song, the queue, listeners and votes are shown as they are told', async () => {
  const result = await page();
  await told(() => {
    events.say('nowPlaying', { nowPlaying: slot(3), playlistId: null });
    events.say('queue', { queue: [4, 5].map((seq) => slot(seq)) });
    events.say('listeners', { listeners: 12 });
    events.say('skip', { skip: { policy: 'vote', votes: 2, needed: 6, seq: 3 } });
  });
  expect(result.current.stream).toMatchObject({
    nowPlaying: { seq: 3 },
    queue: [{ seq: 4 }, { seq: 5 }],
    listeners: 12,
    skip: { votes: 2, needed: 6, voted: false },
  });
  expect(count('/v1/radio/stream')).toBe(1);
});

test('a vote of one’s own stays counted, whatever is told before the vote itself', async () => {
  const result = await page();
  await told(() => {
    events.say('nowPlaying', { nowPlaying: slot(3), playlistId: null });
    events.say('skip', { skip: { policy: 'vote', votes: 0, needed: 2, seq: 3 } });
  });
  const { queryKey } = radioStreamOptions();
  act(() => {
    client.setQueryData(queryKey, (known) => known && withVote(known, 1, 2));
  });
  await told(() => events.say('listeners', { listeners: 4 }));
  expect(result.current.stream?.skip).toMatchObject({ votes: 1, needed: 2, voted: true });
  await told(() => events.say('skip', { skip: { policy: 'vote', votes: 2, needed: 3, seq: 3 } }));
  expect(result.current.stream?.skip).toMatchObject({ votes: 2, needed: 3, voted: true });
  await told(() => events.say('nowPlaying', { nowPlaying: slot(4), playlistId: null }));
  expect(result.current.stream?.skip).toMatchObject({ votes: 0, voted: false });
});

test('an answer that left before the events does not turn them back', async () => {
  let release: (() => void) | undefined;
  asked = fakeFetch(async ({ path }) => {
    if (path.includes('/comments')) return yes({ comments: [wire(2), wire(1)], nextCursor: null });
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return yes(answer(0));
  });
  const { clock } = handClock(20_000);
  const { result } = renderHook(
    () => {
      useLiveStation();
      return useRadioRhythm();
    },
    { clock, events },
  );
  await waitFor(() => expect(asked).toHaveLength(1));
  await told(() => events.say('nowPlaying', { nowPlaying: slot(1), playlistId: null }));
  act(() => release?.());
  await waitFor(() => expect(result.current?.nowPlaying?.seq).toBe(1));
});

test('numbers change wherever the song is shown', async () => {
  const result = await page();
  await told(() => events.say('counters', { songId: aSlot(0)._id, likes: 4_711, plays: 9 }));
  expect(result.current.stream?.nowPlaying).toMatchObject({ likes: 4_711, plays: 9 });
});

test('and stay as they became, whatever else is told afterwards', async () => {
  const result = await page();
  const queue = [1, 2, 3, 4, 5].map((seq) => slot(seq));
  await told(() => events.say('nowPlaying', { nowPlaying: slot(0), playlistId: null }));
  await told(() => events.say('queue', { queue }));
  await told(() => events.say('counters', { songId: aSlot(0)._id, likes: 4_711 }));
  await told(() => events.say('counters', { songId: aSlot(1)._id, likes: 12 }));
  await told(() => events.say('listeners', { listeners: 7 }));
  expect(result.current.stream).toMatchObject({ listeners: 7, nowPlaying: { likes: 4_711 } });
  expect(result.current.stream?.queue[0]?.likes).toBe(12);
  await told(() =>
    events.say('nowPlaying', { nowPlaying: slot(1, { likes: 13 }), playlistId: null }),
  );
  expect(result.current.stream?.nowPlaying?.likes, 'a song that begins brings its own').toBe(13);
});

describe('what people say', () => {
  test('comes by itself, once, and goes when it is withdrawn', async () => {
    const result = await page();
    const comment = aComment(3, { text: 'this bridge!', atMs: 20_000 });
    await told(() => events.say('comment', { comment }));
    await told(() => events.say('comment', { comment }));
    expect(result.current.comments.map(({ text }) => text)).toEqual([
      'this bridge!',
      'comment 2',
      'comment 1',
    ]);
    await told(() =>
      events.say('commentHidden', {
        commentId: comment._id,
        targetType: 'song',
        targetId: target.id,
      }),
    );
    expect(result.current.comments).toHaveLength(2);
    expect(count('/v1/songs')).toBe(1);
  });

  test('is fetched anew when events were missed, not by everybody at once', async () => {
    await page();
    await told(() => events.say('serverTime', { serverTime: 0, epochMs: 0 }));
    await act(() => vi.advanceTimersByTimeAsync(SPREAD_MS));
    expect(count('/v1/songs')).toBe(1);
    await told(() => events.say('serverTime', { serverTime: 0, epochMs: 0 }, true));
    await act(() => vi.advanceTimersByTimeAsync(SPREAD_MS));
    expect(count('/v1/songs')).toBe(2);
  });
});

test('whose heart is on is asked once, for songs that no answer has told about', async () => {
  const result = await page();
  await told(() => events.say('queue', { queue: [1, 2, 3, 4, 9].map((seq) => slot(seq)) }));
  expect(result.current.stream?.queue.at(-1)?.isLikedByUser).toBe(false);
  await act(() => vi.advanceTimersByTimeAsync(SPREAD_MS));
  await waitFor(() => expect(result.current.stream?.queue.at(-1)?.isLikedByUser).toBe(true));
  await told(() => events.say('queue', { queue: [2, 3, 4, 9, 10].map((seq) => slot(seq)) }));
  await act(() => vi.advanceTimersByTimeAsync(2 * SPREAD_MS));
  expect(result.current.stream?.queue.at(-2)?.isLikedByUser).toBe(true);
  expect(count('/v1/sessions/me')).toBe(1);
});
