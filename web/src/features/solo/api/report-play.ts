import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import { type Accepts, proven } from '@/lib/schemas/conforms';
import { count } from '@/lib/schemas/song';

const playSchema = z.object({ plays: count });
proven<Accepts<typeof playSchema, 'PlayResult'>>();

/** Counts a playing outside the radio. The key makes a retry count once. */
export const reportPlay = (songId: string, key: string): Promise<{ plays: number }> =>
  request(`/songs/${songId}/play`, {
    method: 'POST',
    headers: { 'Idempotency-Key': key },
    schema: playSchema,
    keepalive: true,
  });
