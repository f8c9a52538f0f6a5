import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import { count } from '@/lib/schemas/song';
import type { LikeResult, LikeTarget } from './like';

/** Takes a like back. 404 `not_liked` when there is none. */
export const unlike = ({ type, id }: LikeTarget): Promise<LikeResult> =>
  request(`/${type}s/${id}/like`, {
    method: 'DELETE',
    schema: z.object({ likes: count, isLiked: z.boolean() }),
  });
