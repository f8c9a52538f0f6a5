import { expect, test } from 'vitest';
import { aSlot } from '@/testing/songs';
import type { RadioStream } from '../api/get-radio-stream';
import { onAirAt, slotKey, untilNextChange } from './timeline';

const stream = (over: Partial<RadioStream> = {}): RadioStream => ({
  nowPlaying: aSlot(0),
  queue: [1, 2, 3, 4, 5].map((seq) => aSlot(seq)),
  serverTime: 0,
  listeners: 1,
  playlistId: null,
  skip: { policy: 'vote', votes: 0, needed: 1, voted: false },
  ...over,
});
const seqs = (at: number) => {
  const { current, upcoming } = onAirAt(stream(), at);
  return [current?.seq ?? null, upcoming.map((slot) => slot.seq)];
};

test.each([
  [0, [0, [1, 2, 3, 4, 5]]],
  [59_999, [0, [1, 2, 3, 4, 5]]],
  [60_000, [1, [2, 3, 4, 5]]],
  [299_999, [4, [5]]],
  [359_999, [5, []]],
  [360_000, [null, []]],
])('at %d ms %j is on air', (at, expected) => expect(seqs(at)).toEqual(expected));

test('a clock that is a hair behind the station sees the song that is on, not silence', () => {
  expect(seqs(-40)[0]).toBe(0);
});

test('an empty station has nothing on air and nothing to change', () => {
  const empty = stream({ nowPlaying: null, queue: [] });
  expect(onAirAt(empty, 5)).toEqual({ current: null, upcoming: [] });
  expect(untilNextChange(empty, 5)).toBeNull();
  expect(onAirAt(undefined, 5).current).toBeNull();
});

test('the change of song is at the end of its slot', () => {
  expect(untilNextChange(stream(), 59_000)).toBe(1_000);
  expect(untilNextChange(stream(), 61_000)).toBe(59_000);
});

test('the same song in another slot is another playing', () => {
  expect(slotKey({ seq: 1, _id: 'a' })).not.toBe(slotKey({ seq: 2, _id: 'a' }));
});
