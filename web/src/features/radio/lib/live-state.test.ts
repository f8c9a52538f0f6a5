import { describe, expect, test } from 'vitest';
import { aSlot } from '@/testing/songs';
import type { RadioStream } from '../api/get-radio-stream';
import { type LiveState, withLive } from './live-state';

const answer = (first: number, over: Partial<RadioStream> = {}): RadioStream => ({
  nowPlaying: aSlot(first),
  queue: [1, 2, 3, 4, 5].map((n) => aSlot(first + n)),
  serverTime: 0,
  listeners: 3,
  playlistId: null,
  skip: { policy: 'vote', votes: 1, needed: 2, voted: true },
  ...over,
});
const plays = (seq: number): LiveState => ({
  nowPlaying: { nowPlaying: aSlot(seq), playlistId: null },
});
const vote = (seq: number | null, votes: number): LiveState => ({
  skip: { policy: 'vote', votes, needed: 4, seq },
});
const nobody = (): boolean => false;

test('nothing told changes nothing', () => {
  expect(withLive(answer(0), {}, nobody)).toEqual(answer(0));
});

describe('the next song', () => {
  test('takes its place, and the queue begins behind it', () => {
    const after = withLive(answer(0), plays(1), nobody);
    expect(after.nowPlaying?.seq).toBe(1);
    expect(after.queue.map(({ seq }) => seq)).toEqual([2, 3, 4, 5]);
  });

  test('ends the vote on the one before', () => {
    expect(withLive(answer(0), plays(1), nobody).skip).toMatchObject({ votes: 0, voted: false });
    expect(withLive(answer(0), { ...plays(1), ...vote(0, 2) }, nobody).skip.votes).toBe(0);
  });

  test('does not turn back an answer that is newer', () => {
    const told = { ...plays(3), queue: [4, 5, 6].map((n) => aSlot(n)) };
    expect(withLive(answer(4), told, nobody)).toEqual(answer(4));
  });

  test('keeps the heart of this listener', () => {
    const queue = [aSlot(1, { isLikedByUser: true }), aSlot(2)];
    const told = { ...plays(1), queue: [2, 9].map((n) => aSlot(n)) };
    const after = withLive(answer(0, { queue }), told, (id) => id === aSlot(9)._id);
    expect(after.nowPlaying?.isLikedByUser).toBe(true);
    expect(after.queue.map(({ isLikedByUser }) => isLikedByUser)).toEqual([false, true]);
  });

  test('may be none', () => {
    const told: LiveState = { nowPlaying: { nowPlaying: null, playlistId: null }, queue: [] };
    expect(withLive(answer(0), told, nobody)).toMatchObject({ nowPlaying: null, queue: [] });
  });

  test('may be the first of an empty station', () => {
    const empty = answer(0, { nowPlaying: null, queue: [] });
    expect(withLive(empty, plays(7), nobody).nowPlaying?.seq).toBe(7);
  });
});

describe('the vote', () => {
  test('counts, and keeps the own voice while it stands', () => {
    expect(withLive(answer(0), vote(0, 3), nobody).skip).toEqual({
      policy: 'vote',
      votes: 3,
      needed: 4,
      voted: true,
    });
  });

  test('that nobody has given any more is not mine either', () => {
    expect(withLive(answer(0), vote(0, 0), nobody).skip.voted).toBe(false);
  });

  test('on another song is not about this one', () => {
    expect(withLive(answer(0), vote(1, 3), nobody).skip).toEqual(answer(0).skip);
  });
});
