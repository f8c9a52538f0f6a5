import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import { type Accepts, proven } from '@/lib/schemas/conforms';

const timeSchema = z.object({ epochMs: z.number() });
proven<Accepts<typeof timeSchema, 'ServerTime'>>();

/** The server's clock, epoch milliseconds. */
export const getServerEpochMs = async (): Promise<number> =>
  (await request('/time', { schema: timeSchema })).epochMs;
