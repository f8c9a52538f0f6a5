import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import { songSchema } from '@/lib/schemas/song';

/** The fifty most liked; the page of songs takes its genres from them. */
export const popularSongsOptions = () =>
  queryOptions({
    queryKey: ['songs', 'popular'],
    queryFn: async ({ signal }) =>
      (
        await request('/songs/popular', {
          schema: z.object({ songs: z.array(songSchema) }),
          signal,
        })
      ).songs,
    staleTime: 10 * 60_000,
  });
