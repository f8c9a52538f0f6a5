import { lazy } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { RadioRoute } from './routes/radio';
import { Shell } from './shell/shell';

// The radio comes first and at once; the other pages when somebody goes there.
const SongsRoute = lazy(() => import('./routes/songs'));
const SongRoute = lazy(() => import('./routes/song'));
const PlaylistsRoute = lazy(() => import('./routes/playlists'));
const PlaylistRoute = lazy(() => import('./routes/playlist'));
const MineRoute = lazy(() => import('./routes/mine'));
const NotFound = lazy(() => import('./routes/not-found'));

export const Router = () => (
  <BrowserRouter>
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<RadioRoute />} />
        <Route path="songs" element={<SongsRoute />} />
        <Route path="songs/:songId" element={<SongRoute />} />
        <Route path="playlists" element={<PlaylistsRoute />} />
        <Route path="playlists/:playlistId" element={<PlaylistRoute />} />
        <Route path="mine" element={<MineRoute />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  </BrowserRouter>
);
