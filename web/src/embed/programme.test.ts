import { expect, test } from 'vitest';
import { mediaOf, pageOf, programmeAt, slotAt } from './programme';
import type { EmbedSlot } from './station-api';

const slot = (seq: number, startsAt: number, endsAt: number): EmbedSlot => ({
  id: `song-${seq}`,
  title: '',
  artist: '',
  albumArt: '',
  videoUrl: '',
  audioUrl: '',
  seq,
  startsAt,
  endsAt,
});

test.each([
  ['/embed', '/'],
  ['/embed/songs/507f1f77bcf86cd799439011', '/songs/507f1f77bcf86cd799439011'],
  ['/embed/playlists/507f1f77bcf86cd799439011', '/playlists/507f1f77bcf86cd799439011'],
  ['/embed/something/else', '/'],
])('%s is a window to %s', (path, page) => {
  expect(pageOf(programmeAt(path))).toBe(page);
});

test('reads the timeline like everybody: a song ends, the next one is on air', () => {
  const slots = [slot(1, 1_000, 2_000), slot(2, 2_000, 3_000)];
  expect(slotAt(slots, 999)?.seq).toBe(1);
  expect(slotAt(slots, 1_999)?.seq).toBe(1);
  expect(slotAt(slots, 2_000)?.seq).toBe(2);
  expect(slotAt(slots, 3_000)).toBeNull();
  expect(slotAt([], 0)).toBeNull();
});

test.each([
  ['https://cdn.example.org/a.mp4', 'https://cdn.example.org/a.mp3', 2],
  ['https://cdn.example.org/a.mp4', 'https://cdn.example.org/a.mp4', 1],
  ['https://www.youtube.com/watch?v=1', '', 0],
  ['https://youtu.be/1', 'https://cdn.example.org/a.mp3', 1],
  ['https://youtu.be/dQw4w9WgXcQ', 'https://cdn.example.org/a.mp3', 2],
  ['https://player.vimeo.com/video/1', '', 1],
  ['https://vimeo.com/about', '', 0],
  ['https://cdn.example.org/a.m3u8', '', 1],
  ['https://notyoutube.com/a.mp4', '', 1],
  ['', '', 0],
])('of %s and %s it can try %i', (videoUrl, audioUrl, count) => {
  expect(mediaOf({ videoUrl, audioUrl })).toHaveLength(count);
});
