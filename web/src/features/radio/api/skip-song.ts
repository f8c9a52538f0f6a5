import { useMutation, useQueryClient } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { ApiError } from '@/lib/api/api-error';
import { request } from '@/lib/api/client';
import { notify } from '@/lib/notices';
import { type Accepts, proven } from '@/lib/schemas/conforms';
import { count, radioSongSchema } from '@/lib/schemas/song';
import { type RadioStream, radioStreamOptions } from './get-radio-stream';

const skipResultSchema = z.object({
  skipped: z.boolean(),
  votes: count,
  needed: count,
  nowPlaying: z.nullable(radioSongSchema),
});
proven<Accepts<typeof skipResultSchema, 'SkipResult'>>();
export type SkipResult = z.output<typeof skipResultSchema>;

/** Names the slot, so that a late request does not skip the song after it. */
export const skipSong = (seq: number): Promise<SkipResult> =>
  request('/radio/next', { method: 'POST', body: { seq }, schema: skipResultSchema });

/** What the stream looks like when a vote is counted. */
export const withVote = (stream: RadioStream, votes: number, needed: number): RadioStream => ({
  ...stream,
  skip: { ...stream.skip, votes, needed, voted: true },
});

/** Votes to skip the slot `seq`; the count is shown at once and taken back with a sentence if it was refused. */
export function useSkipVote() {
  const client = useQueryClient();
  const { queryKey } = radioStreamOptions();
  return useMutation({
    mutationFn: skipSong,
    onMutate: async () => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData(queryKey);
      if (before !== undefined) {
        client.setQueryData(queryKey, withVote(before, before.skip.votes + 1, before.skip.needed));
      }
      return before;
    },
    onSuccess: ({ skipped, votes, needed }) => {
      if (skipped) return client.invalidateQueries({ queryKey });
      const now = client.getQueryData(queryKey);
      if (now !== undefined) client.setQueryData(queryKey, withVote(now, votes, needed));
      return undefined;
    },
    onError: (error, _seq, before) => {
      if (before !== undefined) client.setQueryData(queryKey, before);
      notify(
        error instanceof ApiError ? error.message : 'Your vote did not reach the station.',
        'info',
      );
      return client.invalidateQueries({ queryKey });
    },
  });
}
