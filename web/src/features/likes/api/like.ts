import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import type { TargetType } from '@/lib/schemas/comment';
import { type Accepts, proven } from '@/lib/schemas/conforms';
import { count } from '@/lib/schemas/song';

const likeResultSchema = z.object({ likes: count, isLiked: z.boolean() });
export type LikeResult = z.output<typeof likeResultSchema>;
proven<Accepts<typeof likeResultSchema, 'SongLikeResult'>>();
proven<Accepts<typeof likeResultSchema, 'PlaylistLikeResult'>>();

export interface LikeTarget {
  type: TargetType;
  id: string;
}

/** Likes a song or playlist. 409 when this session likes it already. */
export const like = ({ type, id }: LikeTarget): Promise<LikeResult> =>
  request(`/${type}s/${id}/like`, { method: 'POST', schema: likeResultSchema });
