import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import { type Accepts, proven } from '@/lib/schemas/conforms';
import { count, moment, objectId, radioSongSchema } from '@/lib/schemas/song';

export const skipStateSchema = z.object({
  policy: z.enum(['off', 'curator', 'vote']),
  votes: count,
  needed: count,
  voted: z.boolean(),
});
export type SkipState = z.output<typeof skipStateSchema>;

export const radioStreamSchema = z.object({
  /** Null while the station has no songs. */
  nowPlaying: z.nullable(radioSongSchema),
  queue: z.array(radioSongSchema),
  serverTime: moment,
  listeners: count,
  playlistId: z.nullable(objectId),
  skip: skipStateSchema,
});
export type RadioStream = z.output<typeof radioStreamSchema>;
proven<Accepts<typeof radioStreamSchema, 'RadioStream'>>();

export const getRadioStream = (signal?: AbortSignal): Promise<RadioStream> =>
  request('/radio/stream', { schema: radioStreamSchema, ...(signal && { signal }) });

export const radioStreamOptions = () =>
  queryOptions({
    queryKey: ['radio', 'stream'],
    queryFn: ({ signal }) => getRadioStream(signal),
    // Its own rhythm asks again (use-radio-rhythm.ts), and says to the page how it went.
    retry: false,
    staleTime: Infinity,
    networkMode: 'always',
  });
