import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { aSlot, aSong } from '@/testing/songs';
import { changeLiked, patchLiked } from './song-cache';

const liked = ({ likes }: { likes: number }) => ({ likes: likes + 1, isLikedByUser: true });

test('turns every heart of the song, wherever the cache shows it', () => {
  const client = new QueryClient();
  client.setQueryData(['radio', 'stream'], { nowPlaying: aSlot(1), queue: [aSlot(2), aSlot(1)] });
  client.setQueryData(['songs', {}], {
    pages: [{ songs: [aSong(1), aSong(2)] }],
    pageParams: [null],
  });
  client.setQueryData(['playlist', 'p'], {
    _id: 'p',
    likes: 3,
    isLikedByUser: false,
    songs: [aSong(1)],
  });
  patchLiked(client, aSong(1)._id, liked);
  const text = JSON.stringify(client.getQueriesData({}).map(([, data]) => data));
  expect(text.match(/"isLikedByUser":true/g)).toHaveLength(4);
  expect(text.match(/"likes":11/g)).toHaveLength(4);
});

test('leaves what has nothing to do with it untouched, by identity', () => {
  const before = { songs: [aSong(2)], other: [1, null, 'x'] };
  expect(changeLiked(before, aSong(1)._id, liked)).toBe(before);
  const mixed = { a: aSong(1), b: { song: aSong(2) } };
  const after = changeLiked(mixed, aSong(1)._id, liked) as typeof mixed;
  expect(after.b).toBe(mixed.b);
  expect(after.a).not.toBe(mixed.a);
});

test('a comment about the song is not the song', () => {
  const comment = { _id: aSong(1)._id, text: 'hi' };
  expect(changeLiked(comment, aSong(1)._id, liked)).toBe(comment);
});

test('a heart in a list does not make the list look freshly fetched', () => {
  const client = new QueryClient();
  client.setQueryData(['songs'], { songs: [aSong(1)] }, { updatedAt: 5 });
  patchLiked(client, aSong(1)._id, liked);
  expect(client.getQueryState(['songs'])?.dataUpdatedAt).toBe(5);
});
