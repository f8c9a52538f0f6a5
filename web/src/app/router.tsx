import { lazy } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { RadioRoute } from './routes/radio';
import { Shell } from './shell/shell';

// The radio comes first and at once; the other pages when somebody goes there.
const SongsRoute = lazy(() => import('./routes/songs'));
const SongRoute = lazy(() => import('./routes/song'));
const PlaylistsRoute = lazy(() => import('./routes/playlists'));
const PlaylistRoute = lazy(() => import('./routes/playlist'));
const HistoryRoute = lazy(() => import('./routes/history'));
const FeaturedRoute = lazy(() => import('./routes/featured'));
const AboutRoute = lazy(() => import('./routes/about'));
const OfflineRoute = lazy(() => import('./routes/offline'));
const MineRoute = lazy(() => import('./routes/mine'));
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
