import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import { type Accepts, proven } from '@/lib/schemas/conforms';
import { count, songSchema } from '@/lib/schemas/song';
import { broughtSongs } from '../lib/brought-songs';

export const SORTS = ['likes', 'plays', 'recent', 'popular'] as const;
export type Sort = (typeof SORTS)[number];

export interface SongsQuery {
  q: string;
  genre: string;
  sort: Sort;
}

export const songPageSchema = z.object({
  songs: z.array(songSchema),
  pagination: z.object({ totalSongs: count, nextCursor: z.nullable(z.string()) }),
});
export type SongPage = z.output<typeof songPageSchema>;
proven<Accepts<typeof songPageSchema, 'SongPage'>>();

const PAGE = 40;

export function getSongs(
  { q, genre, sort }: SongsQuery,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<SongPage> {
  const query = new URLSearchParams({ sort, limit: String(PAGE) });
  if (q !== '') query.set('q', q);
  if (genre !== '') query.set('genre', genre);
  if (cursor !== null) query.set('cursor', cursor);
  return request(`/songs?${query.toString()}`, {
    schema: songPageSchema,
    ...(signal && { signal }),
  });
}

/** What the page of all songs shows to whoever opens it. */
const isFirst = ({ q, genre, sort }: SongsQuery): boolean =>
  q === '' && genre === '' && sort === 'likes';

export const songsOptions = (songs: SongsQuery) =>
  infiniteQueryOptions({
    queryKey: ['songs', songs],
    queryFn: ({ pageParam, signal }) => getSongs(songs, pageParam, signal),
    initialPageParam: null as string | null,
    // Old from the start: the station is asked all the same, in the listener's name.
    initialData: () => {
      const page = isFirst(songs) ? broughtSongs(songPageSchema) : undefined;
      return page && { pages: [page], pageParams: [null] };
    },
    initialDataUpdatedAt: 1,
    getNextPageParam: (page) => page.pagination.nextCursor,
    placeholderData: keepPreviousData,
  });

/** How many songs the station has. */
export const songCountOptions = () =>
  queryOptions({
    queryKey: ['songs', 'count'],
    queryFn: async ({ signal }) =>
      (await request('/songs?limit=1', { schema: songPageSchema, signal })).pagination.totalSongs,
    staleTime: 10 * 60_000,
  });
