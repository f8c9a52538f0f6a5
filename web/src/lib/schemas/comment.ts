import * as z from 'zod/mini';
import { type Accepts, proven } from './conforms';
import { count, moment, objectId } from './song';

export const targetTypeSchema = z.enum(['song', 'playlist']);
export type TargetType = z.output<typeof targetTypeSchema>;

export const commentSchema = z.object({
  _id: objectId,
  targetType: targetTypeSchema,
  targetId: objectId,
  /** A stable public name, made from the session; never the session itself. */
  author: z.string(),
  text: z.string(),
  createdAt: moment,
  /** The moment of the song that it is about, milliseconds from its start. */
  atMs: z.optional(count),
  isMine: z.boolean(),
});
export type Comment = z.output<typeof commentSchema>;
proven<Accepts<typeof commentSchema, 'Comment'>>();

export const commentPageSchema = z.object({
  comments: z.array(commentSchema),
  nextCursor: z.nullable(z.string()),
});
export type CommentPage = z.output<typeof commentPageSchema>;
