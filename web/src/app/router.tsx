import { lazy } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { RadioRoute } from './routes/radio';
import { Shell } from './shell/shell';

const scripts = {
  songs: () => import('./routes/songs'),
  song: () => import('./routes/song'),
  playlists: () => import('./routes/playlists'),
  playlist: () => import('./routes/playlist'),
  history: () => import('./routes/history'),
  featured: () => import('./routes/featured'),
  about: () => import('./routes/about'),
  offline: () => import('./routes/offline'),
  mine: () => import('./routes/mine'),
};

/** Asks for the script of a page before anything is drawn: it would otherwise be asked for when the rest has been. */
export function fetchAhead(pathname: string): void {
  const [, section, id] = pathname.split('/');
  let name = section;
  if (id === 'featured') name = id;
  else if (id !== undefined && id !== '') name = section === 'songs' ? 'song' : 'playlist';
  const known = Object.entries(scripts).find(([one]) => one === name);
  // The page itself tells if it could not be had.
  known?.[1]().catch(() => undefined);
}

// The radio comes first and at once; the other pages when somebody goes there.
const SongsRoute = lazy(scripts.songs);
const SongRoute = lazy(scripts.song);
const PlaylistsRoute = lazy(scripts.playlists);
const PlaylistRoute = lazy(scripts.playlist);
const HistoryRoute = lazy(scripts.history);
const FeaturedRoute = lazy(scripts.featured);
const AboutRoute = lazy(scripts.about);
const OfflineRoute = lazy(scripts.offline);
const MineRoute = lazy(scripts.mine);
const NotFound = lazy(() => import('./routes/not-found'));
// Every part in every state, to look at while one works. It is no part of a release.
const ComponentsRoute = import.meta.env.DEV ? lazy(() => import('@/dev/components')) : null;

export const Router = () => (
  <BrowserRouter>
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<RadioRoute />} />
        <Route path="songs" element={<SongsRoute />} />
        <Route path="songs/:songId" element={<SongRoute />} />
        <Route path="playlists" element={<PlaylistsRoute />} />
        <Route path="playlists/featured" element={<FeaturedRoute />} />
        <Route path="playlists/:playlistId" element={<PlaylistRoute />} />
        <Route path="history" element={<HistoryRoute />} />
        <Route path="about" element={<AboutRoute />} />
        <Route path="offline" element={<OfflineRoute />} />
        <Route path="mine" element={<MineRoute />} />
        {ComponentsRoute !== null && <Route path="dev/components" element={<ComponentsRoute />} />}
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  </BrowserRouter>
);
