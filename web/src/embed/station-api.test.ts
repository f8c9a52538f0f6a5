import { afterEach, expect, test, vi } from 'vitest';
import { getPlaylistSongs, getSlots, getSong, getTime, StationError } from './station-api';

const song = {
  _id: '507f1f77bcf86cd799439011',
  title: 'Love Story',
  artist: 'Taylor Swift',
  albumArt: '/a.jpg',
  videoUrl: '/v.mp4',
  audioUrl: '',
};
const slot = {
  ...song,
  seq: 7,
  startedAt: '2026-02-03T10:25:00.000Z',
  endsAt: '2026-02-03T10:28:55.000Z',
};

function answers(data: unknown, status = 200) {
  const fetched = vi.fn(() => Promise.resolve(Response.json({ success: true, data }, { status })));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}
afterEach(() => {
  vi.unstubAllGlobals();
});

test('reads what is on air and what comes next', async () => {
  const fetched = answers({ nowPlaying: slot, queue: [{ ...slot, seq: 8 }] });
  const slots = await getSlots();
  expect(slots.map(({ seq }) => seq)).toEqual([7, 8]);
  expect(slots[0]?.startsAt).toBe(Date.UTC(2026, 1, 3, 10, 25));
  expect(fetched.mock.calls[0]).toContain('/v1/radio/stream');
});

test('a silent station has nothing on air', async () => {
  answers({ nowPlaying: null, queue: [] });
  expect(await getSlots()).toEqual([]);
});

test('reads a song, the songs of a playlist, and the clock', async () => {
  answers(song);
  expect(await getSong(song._id)).toMatchObject({ id: song._id, title: 'Love Story' });
  answers({ songs: [song, song] });
  expect(await getPlaylistSongs('x')).toHaveLength(2);
  answers({ epochMs: 5 });
  expect(await getTime()).toBe(5);
});

test('a refusal tells its status', async () => {
  answers(undefined, 404);
  await expect(getSong('x')).rejects.toEqual(new StationError(404));
});

test.each([
  ['no song', null],
  ['a title that is a number', { ...song, title: 5 }],
  ['a list', [song]],
])('%s is not taken for a song', async (_, data) => {
  answers(data);
  await expect(getSong('x')).rejects.toThrow(TypeError);
});

test('a slot without a time is not taken for one', async () => {
  answers({ nowPlaying: { ...slot, endsAt: 'soon' }, queue: [] });
  await expect(getSlots()).rejects.toThrow('endsAt');
});
