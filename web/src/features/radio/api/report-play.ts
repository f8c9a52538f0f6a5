import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import { type Accepts, proven } from '@/lib/schemas/conforms';
import { count } from '@/lib/schemas/song';

const playResultSchema = z.object({ plays: count });
proven<Accepts<typeof playResultSchema, 'PlayResult'>>();

/** Counts a play. The key makes a retry count once. Outlives the page, so that leaving does not lose the play. */
export const reportPlay = async (songId: string, key: string): Promise<number> => {
  const { plays } = await request(`/songs/${songId}/play`, {
    method: 'POST',
    headers: { 'Idempotency-Key': key },
    schema: playResultSchema,
    keepalive: true,
  });
  return plays;
};
