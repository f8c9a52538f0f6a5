import { QueryClientProvider, useInfiniteQuery } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { makeQueryClient } from '@/lib/query-client';
import { fakeFetch, yes } from '@/testing/fake-fetch';
import { wireSong } from '@/testing/songs';
import { type SongsQuery, songsOptions } from '../api/get-songs';

afterEach(() => {
  document.body.innerHTML = '';
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const brings = (text: string): void => {
  document.body.innerHTML = `<script type="application/json" id="songs">${text}</script>`;
};

const pageOf = (likes: number) => ({
  songs: [wireSong(1, { likes })],
  pagination: { totalSongs: 1, nextCursor: null },
});

const FIRST: SongsQuery = { q: '', genre: '', sort: 'likes' };

function List({ query }: { query: SongsQuery }) {
  const { data } = useInfiniteQuery(songsOptions(query));
  return <p>{data === undefined ? 'nothing' : `${data.pages[0]?.songs[0]?.likes} likes`}</p>;
}

const show = (query: SongsQuery) =>
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <List query={query} />
    </QueryClientProvider>,
  );

test('the songs of the page are there at once, and the listener’s own answer follows', async () => {
  brings(JSON.stringify({ success: true, data: pageOf(4) }));
  const asked = fakeFetch(() => yes(pageOf(5)));
  show(FIRST);
  expect(screen.getByText('4 likes')).toBeInTheDocument();
  expect(await screen.findByText('5 likes')).toBeInTheDocument();
  expect(asked).toHaveLength(1);
});

test.each<SongsQuery>([
  { ...FIRST, q: 'love' },
  { ...FIRST, genre: 'Pop' },
  { ...FIRST, sort: 'recent' },
])('another list does not begin with them: %o', async (query) => {
  brings(JSON.stringify({ success: true, data: pageOf(4) }));
  fakeFetch(() => yes(pageOf(5)));
  show(query);
  expect(screen.getByText('nothing')).toBeInTheDocument();
  expect(await screen.findByText('5 likes')).toBeInTheDocument();
});

test('who comes back later waits for the answer', async () => {
  brings(JSON.stringify({ success: true, data: pageOf(4) }));
  fakeFetch(() => yes(pageOf(5)));
  const clock = vi.spyOn(performance, 'now').mockReturnValue(31_000);
  show(FIRST);
  expect(screen.getByText('nothing')).toBeInTheDocument();
  clock.mockRestore();
  expect(await screen.findByText('5 likes')).toBeInTheDocument();
});

test.each(['', 'no answer at all', '{}', '{"data":{"songs":[{"_id":"1"}]}}'])(
  'what cannot be read is left alone: %s',
  async (text) => {
    brings(text);
    fakeFetch(() => yes(pageOf(5)));
    show(FIRST);
    expect(screen.getByText('nothing')).toBeInTheDocument();
    expect(await screen.findByText('5 likes')).toBeInTheDocument();
  },
);
