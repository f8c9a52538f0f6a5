import { createBrowserRouter } from 'react-router';
import { Failure } from './routes/failure';
import { MineRoute } from './routes/mine';
import { NotFound } from './routes/not-found';
import { PlaylistRoute } from './routes/playlist';
import { PlaylistsRoute } from './routes/playlists';
import { RadioRoute } from './routes/radio';
import { SongRoute } from './routes/song';
import { SongsRoute } from './routes/songs';
import { Shell } from './shell/shell';

export const makeRouter = () =>
  createBrowserRouter([
    {
      element: <Shell />,
      errorElement: <Failure />,
      children: [
        { path: '/', element: <RadioRoute /> },
        { path: '/songs', element: <SongsRoute /> },
        { path: '/songs/:songId', element: <SongRoute /> },
        { path: '/playlists', element: <PlaylistsRoute /> },
        { path: '/playlists/:playlistId', element: <PlaylistRoute /> },
        { path: '/mine', element: <MineRoute /> },
        { path: '*', element: <NotFound /> },
      ],
    },
  ]);
