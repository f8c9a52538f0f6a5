import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import { playlistSchema } from '@/lib/schemas/playlist';

/** A station has a handful of playlists; a hundred are one page. */
export const playlistsOptions = () =>
  queryOptions({
    queryKey: ['playlists'],
    queryFn: async ({ signal }) =>
      (
        await request('/playlists?limit=100', {
          schema: z.object({ playlists: z.array(playlistSchema) }),
          signal,
        })
      ).playlists,
  });
