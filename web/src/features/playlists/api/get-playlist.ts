import { queryOptions } from '@tanstack/react-query';
import { request } from '@/lib/api/client';
import { playlistSchema } from '@/lib/schemas/playlist';

/** One playlist. Asking for it counts a view, so it is asked for once per visit. */
export const playlistOptions = (id: string) =>
  queryOptions({
    queryKey: ['playlist', id],
    queryFn: ({ signal }) =>
      request(`/playlists/${encodeURIComponent(id)}`, { schema: playlistSchema, signal }),
    staleTime: 5 * 60_000,
  });
