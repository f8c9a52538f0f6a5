import { expect, it } from 'vitest';
import { aSong } from '@/testing/songs';
import { relatedTo } from './related';

const song = aSong(1, { artist: 'Róisín' });
const ids = (songs: { _id: string }[]) => songs.map(({ _id }) => _id);

it('puts the artist first and the genre after it, none twice, and never the song itself', () => {
  const other = aSong(2, { artist: 'Roisin' });
  const titled = aSong(3, { title: 'Róisín', artist: 'Somebody' });
  const { artist, genre } = relatedTo(song, [song, other, titled], [song, other, titled, aSong(4)]);
  expect(ids(artist)).toEqual([other._id]);
  expect(ids(genre)).toEqual([titled._id, aSong(4)._id]);
});

it('leaves the genre the room that the artist left', () => {
  const many = Array.from({ length: 5 }, (_, n) => aSong(10 + n, { artist: 'Róisín' }));
  const { artist, genre } = relatedTo(song, many, [aSong(20), aSong(21)], 6);
  expect([artist.length, genre.length]).toEqual([5, 1]);
});
