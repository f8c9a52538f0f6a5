import { QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { reportAnswer } from '@/lib/connection';
import { silentEvents, StationEventsProvider } from '@/lib/events/context';
import { i18n } from '@/lib/i18n/i18n';
import { makeQueryClient } from '@/lib/query-client';
import { StationClockProvider } from '@/lib/station-clock';
import { fakeFetch, no, yes } from '@/testing/fake-fetch';
import { englishIn, pseudo, speakPseudo } from '@/testing/pseudo';
import { handClock } from '@/testing/render';
import { aComment, aSong, wireSlot, wireSong } from '@/testing/songs';
import { Router } from './router';

const SONG = aSong(1)._id;
const LIST = aSong(0xb1)._id;

/** Nothing that people gave has English letters here, so that what has them is ours. */
const names = { title: 'Ωδή', artist: 'Μούσα', genre: ['Ποπ'] };
const why = { code: 'featured', text: 'Επειδή.' };
const song = (n: number) => wireSong(n, names);
const slot = (seq: number) => ({ ...wireSlot(seq), ...names, why });
const list = {
  _id: LIST,
  title: 'Λίστα',
  description: 'Ωραία.',
  coverImage: '/c',
  songs: [song(1), song(2)],
  isFeatured: true,
  likes: 2,
  views: 3,
  isLikedByUser: false,
  createdAt: '2026-01-12T08:00:00.000Z',
};
const comment = {
  ...aComment(1, { author: 'Κομήτης', text: 'Γεια', isMine: true }),
  createdAt: new Date(1000).toISOString(),
};

function wholeStation(path: string) {
  if (path.includes('/comments')) return yes({ comments: [comment], nextCursor: 'x' });
  if (path.startsWith('/v1/time')) return yes({ epochMs: 20_000 });
  if (path.startsWith('/v1/radio/history')) {
    const played = { seq: 0, song: song(3), why, skipped: true };
    const times = { startsAt: '1970-01-01T00:00:00.000Z', endsAt: '1970-01-01T00:00:30.000Z' };
    return yes({ slots: [{ ...played, ...times }], nextCursor: null });
  }
  if (path.startsWith('/v1/radio')) {
    return yes({
      nowPlaying: slot(0),
      queue: [1, 2].map(slot),
      serverTime: '1970-01-01T00:00:20.000Z',
      listeners: 6,
      playlistId: null,
      skip: { policy: 'vote', votes: 1, needed: 3, voted: false },
    });
  }
  if (path.startsWith('/v1/sessions/me')) {
    const liked = { songs: [SONG], playlists: [LIST] };
    return yes({ createdAt: '2026-01-01T00:00:00.000Z', author: 'Κομήτης', liked });
  }
  if (path.startsWith(`/v1/playlists/${LIST}`)) return yes(list);
  if (path.startsWith('/v1/playlists')) return yes({ playlists: [list] });
  if (/^\/v1\/songs\/[0-9a-f]{24}$/.test(path)) return yes(song(1));
  if (path.startsWith('/v1/songs'))
    return yes({ songs: [1, 2, 3].map(song), pagination: { totalSongs: 3, nextCursor: null } });
  return no(404, 'not_found', 'Δεν υπάρχει.');
}

const emptyStation = (path: string) =>
  path.startsWith('/v1/radio/history')
    ? yes({ slots: [], nextCursor: null })
    : path.startsWith('/v1/radio')
      ? yes({
          nowPlaying: null,
          queue: [],
          serverTime: '1970-01-01T00:00:20.000Z',
          listeners: 0,
          playlistId: null,
          skip: { policy: 'vote', votes: 0, needed: 1, voted: false },
        })
      : path.startsWith('/v1/sessions/me')
        ? yes({
            createdAt: '2026-01-01T00:00:00.000Z',
            author: 'Κομήτης',
            liked: { songs: [], playlists: [] },
          })
        : path.startsWith('/v1/playlists')
          ? yes({ playlists: [] })
          : path.startsWith('/v1/songs')
            ? yes({ songs: [], pagination: { totalSongs: 0, nextCursor: null } })
            : no(404, 'song_not_found', 'Δεν υπάρχει.');

beforeEach(async () => {
  await speakPseudo();
  vi.stubGlobal('scrollTo', vi.fn());
  document.title = '';
});
afterEach(async () => {
  vi.unstubAllGlobals();
  act(() => reportAnswer(null));
  window.history.pushState(null, '', '/');
  await i18n.changeLanguage('en');
});

/** Opens a page of a station, and waits until nothing is on its way. */
async function open(path: string, answer: (path: string) => ReturnType<typeof yes>) {
  fakeFetch(({ path: asked }) => answer(asked));
  window.history.pushState(null, '', path);
  const client = makeQueryClient();
  client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } });
  render(
    <QueryClientProvider client={client}>
      <StationClockProvider value={handClock(20_000).clock}>
        <StationEventsProvider value={silentEvents}>
          <Router />
        </StationEventsProvider>
      </StationClockProvider>
    </QueryClientProvider>,
  );
  await waitFor(() => expect(screen.getByRole('main')).not.toHaveAttribute('aria-busy', 'true'), {
    timeout: 5_000,
  });
  await waitFor(() => expect(client.isFetching()).toBe(0), { timeout: 5_000 });
}

const PATHS = [
  '/',
  '/songs',
  `/songs/${SONG}`,
  '/playlists',
  '/playlists/featured',
  `/playlists/${LIST}`,
  '/history',
  '/mine',
  '/about',
  '/offline',
  '/nowhere',
];

test('pseudo-English has no English letters, and keeps what is put into it', () => {
  expect(pseudo('Like {{title}}')).toMatch(/^\P{ASCII}{4} \{\{title\}\}$/u);
});

describe.each([
  ['a station with songs', wholeStation],
  ['an empty station', emptyStation],
  ['a station that does not answer', () => no(503, 'unavailable', 'Όχι τώρα.')],
])('%s', (_, answer) => {
  test.each(PATHS)('says nothing on %s that is not from the languages', async (path) => {
    await open(path, answer);
    expect(englishIn(document.body)).toEqual([]);
  });
});

test('the keys say nothing that is not from the languages', async () => {
  await open('/', wholeStation);
  for (const key of screen.getAllByRole('button', { expanded: false })) {
    await userEvent.click(key);
    expect(englishIn(document.body)).toEqual([]);
  }
});

test('the search for English finds it', async () => {
  await open('/nowhere', wholeStation);
  act(() => screen.getByRole('main').setAttribute('title', 'Unconverted'));
  expect(englishIn(document.body)).toEqual(['Unconverted']);
});
