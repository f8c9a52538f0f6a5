import { infiniteQueryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import { type Accepts, proven } from '@/lib/schemas/conforms';
import { count, moment, songSchema } from '@/lib/schemas/song';

const slotSchema = z.object({
  seq: count,
  song: songSchema,
  startsAt: moment,
  endsAt: moment,
  why: z.object({ code: z.string(), text: z.string() }),
  /** Cut short. */
  skipped: z.boolean(),
});
export type Slot = z.output<typeof slotSchema>;
proven<Accepts<typeof slotSchema, 'Slot'>>();

const historyPageSchema = z.object({
  slots: z.array(slotSchema),
  nextCursor: z.nullable(z.string()),
});
export type HistoryPage = z.output<typeof historyPageSchema>;

const PAGE = 40;

export function getHistory(before: string | null, signal?: AbortSignal): Promise<HistoryPage> {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (before !== null) query.set('before', before);
  return request(`/radio/history?${query.toString()}`, {
    schema: historyPageSchema,
    ...(signal && { signal }),
  });
}

export const HISTORY_KEY = ['radio', 'history'] as const;

/** What played, newest first. */
export const historyOptions = () =>
  infiniteQueryOptions({
    queryKey: HISTORY_KEY,
    queryFn: ({ pageParam, signal }) => getHistory(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
