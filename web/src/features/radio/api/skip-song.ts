import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import * as z from 'zod/mini';
import { ApiError } from '@/lib/api/api-error';
import { request } from '@/lib/api/client';
import { refusalOf } from '@/lib/error-sentence';
import { useEventsState } from '@/lib/events/context';
import { t } from '@/lib/i18n/i18n';
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

/** What the stream looks like when the song was skipped: the answer to the last vote is as good as the event. */
export const withSkipped = (
  stream: RadioStream,
  nowPlaying: SkipResult['nowPlaying'],
): RadioStream => ({
  ...stream,
  nowPlaying,
  queue: stream.queue.filter(({ seq }) => nowPlaying === null || seq > nowPlaying.seq),
  skip: { ...stream.skip, votes: 0, voted: false },
});

/**
 * Votes to skip the slot `seq`; the count is shown at once and taken back with a sentence if it was refused.
 * `againAt`: this machine's epoch time from which the station skips again, after it said that it was too soon.
 */
export function useSkipVote() {
  const client = useQueryClient();
  const { queryKey } = radioStreamOptions();
  const told = useEventsState() === 'open';
  const [againAt, setAgainAt] = useState(0);
  const { mutate, isPending } = useMutation({
    mutationFn: skipSong,
    onMutate: async () => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData(queryKey);
      if (before !== undefined) {
        client.setQueryData(queryKey, withVote(before, before.skip.votes + 1, before.skip.needed));
      }
      return before;
    },
    onSuccess: ({ skipped, votes, needed, nowPlaying }) => {
      if (skipped) {
        client.setQueryData(queryKey, (known) => {
          // The event may have been quicker, and may even tell of the song after.
          const isNews = (known?.nowPlaying?.seq ?? -1) < (nowPlaying?.seq ?? Infinity);
          return known && isNews ? withSkipped(known, nowPlaying) : known;
        });
        return told ? undefined : client.invalidateQueries({ queryKey });
      }
      const now = client.getQueryData(queryKey);
      if (now !== undefined) client.setQueryData(queryKey, withVote(now, votes, needed));
      return undefined;
    },
    onError: (error, _seq, before) => {
      const now = client.getQueryData(queryKey);
      // Events may have told more since: only the vote is taken back.
      if (before !== undefined && now?.nowPlaying?.seq === before.nowPlaying?.seq)
        client.setQueryData(queryKey, (known) => known && { ...known, skip: before.skip });
      if (error instanceof ApiError && error.code === 'skip_too_soon')
        setAgainAt(Date.now() + 1000 * (error.retryAfterS ?? 1));
      notify(refusalOf(error) ?? t('radio:skip.unsent'), 'info');
      return told ? undefined : client.invalidateQueries({ queryKey });
    },
  });
  return { vote: mutate, isPending, againAt };
}
