import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import { playlistSchema } from '@/lib/schemas/playlist';

/** What the curator puts in the window. */
export const featuredPlaylistsOptions = () =>
  queryOptions({
    queryKey: ['playlists', 'featured'],
    queryFn: async ({ signal }) =>
      (
        await request('/playlists/featured', {
          schema: z.object({ playlists: z.array(playlistSchema) }),
          signal,
        })
      ).playlists,
  });
