import { useMutation, useQueryClient } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import { type Comment, commentSchema } from '@/lib/schemas/comment';
import { mergeNewest } from '../lib/merge-newest';
import { type CommentTarget, commentsOptions } from './get-comments';

const createdSchema = z.object({ comment: commentSchema });

export interface Draft {
  text: string;
  /** The moment of the song that it is about. */
  atMs?: number | undefined;
}

export const postComment = async (
  { type, id }: CommentTarget,
  { text, atMs }: Draft,
): Promise<Comment> =>
  (
    await request(`/${type}s/${id}/comments`, {
      method: 'POST',
      body: { text, ...(atMs !== undefined && { atMs }) },
      schema: createdSchema,
    })
  ).comment;

/** Says something, and shows it at the head of the list as soon as the station has it. */
export function usePostComment(target: CommentTarget) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: Draft) => postComment(target, draft),
    networkMode: 'always', // offline is said at once: a sentence must not leave an hour later
    onSuccess: (comment) => {
      client.setQueryData(
        commentsOptions(target).queryKey,
        (known) => known && mergeNewest(known, [comment]),
      );
    },
  });
}
