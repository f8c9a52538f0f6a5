import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import { type Accepts, proven } from '@/lib/schemas/conforms';
import { moment, objectId } from '@/lib/schemas/song';

export const sessionSchema = z.object({
  createdAt: moment,
  /** The name under which its comments appear. */
  author: z.string(),
  liked: z.object({ songs: z.array(objectId), playlists: z.array(objectId) }),
});
export type MySession = z.output<typeof sessionSchema>;
proven<Accepts<typeof sessionSchema, 'Session'>>();

/** What the station remembers of this listener. */
export const mySessionOptions = () =>
  queryOptions({
    queryKey: ['me'],
    queryFn: ({ signal }) => request('/sessions/me', { schema: sessionSchema, signal }),
  });
