import { useQueries } from '@tanstack/react-query';
import { request } from '@/lib/api/client';
import { type Song, songSchema } from '@/lib/schemas/song';

/** The songs behind these ids, in their order; those that left the shelf are left out. */
export function useLikedSongs(ids: readonly string[]): { songs: Song[]; pending: boolean } {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: ['song', id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        request(`/songs/${id}`, { schema: songSchema, signal }),
      staleTime: 5 * 60_000,
    })),
    combine: (results) => ({
      songs: results.flatMap(({ data }) => (data === undefined ? [] : [data])),
      pending: results.some(({ isPending }) => isPending),
    }),
  });
}
