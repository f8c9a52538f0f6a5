import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fakeFetch, yes } from '@/testing/fake-fetch';
import { render } from '@/testing/render';
import { aSong, wireSong } from '@/testing/songs';
import { SearchField } from './components/search-field';
import { SongList } from './components/song-list';
import { useSongsQuery } from './hooks/use-songs-query';
import { genresOf } from './lib/genres';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('genres', () => {
  const songs = [['Pop'], ['Pop', 'Folk'], ['Folk'], ['Pop'], ['Jazz']].map((genre, n) =>
    aSong(n, { genre }),
  );

  test('the most frequent come first', () =>
    expect(genresOf(songs, '')).toEqual(['Pop', 'Folk', 'Jazz']));
  test('the chosen one is always there', () => {
    expect(genresOf(songs, 'Ska')).toContain('Ska');
    expect(genresOf(songs, 'Jazz', 2)).toEqual(['Pop', 'Jazz']);
  });
});

function Page() {
  const [query, change] = useSongsQuery();
  return (
    <>
      <SearchField q={query.q} onSearch={(q) => change({ q })} />
      <SongList query={query} onChange={change} onAirId={null} heart={() => null} />
    </>
  );
}
const found = (total: number, ...ids: number[]) =>
  yes({
    songs: ids.map((n) => wireSong(n)),
    pagination: {
      currentPage: 1,
      totalPages: 1,
      totalSongs: total,
      hasNext: false,
      hasPrev: false,
      limit: 40,
      nextCursor: null,
    },
  });

describe('the list of songs', () => {
  test('is what the address says', async () => {
    const asked = fakeFetch(() => found(1, 1));
    render(<Page />, { path: '/songs?q=love&genre=Pop&sort=plays' });
    expect(await screen.findByText('Song 1')).toBeVisible();
    const query = new URLSearchParams(asked[0]?.path.split('?')[1]);
    expect(Object.fromEntries(query)).toMatchObject({ q: 'love', genre: 'Pop', sort: 'plays' });
    expect(screen.getByRole('button', { name: 'Plays' })).toHaveAttribute('aria-pressed', 'true');
  });

  test('searches as one types: once the typing rests, not for every letter', async () => {
    const asked = fakeFetch(({ path }) => (path.includes('q=') ? found(1, 2) : found(2, 1, 2)));
    render(<Page />);
    expect(await screen.findByText('Song 1')).toBeVisible();
    await userEvent.type(screen.getByRole('searchbox'), 'song 2');
    await waitFor(() => expect(screen.queryByText('Song 1')).toBeNull());
    expect(asked.filter(({ path }) => path.includes('q='))).toHaveLength(1);
  });

  test('a search without a find offers the way back', async () => {
    fakeFetch(({ path }) => (path.includes('q=zzz') ? found(0) : found(1, 1)));
    render(<Page />, { path: '/songs?q=zzz' });
    await userEvent.click(await screen.findByRole('button', { name: 'Show everything' }));
    expect(await screen.findByText('Song 1')).toBeVisible();
  });
});
