import type { QueryClient } from '@tanstack/react-query';
import type { Comment } from '@/lib/schemas/comment';
import { commentsOptions, type CommentTarget } from '../api/get-comments';
import { mergeNewest } from './merge-newest';

/** Somebody said something: it stands at the head of its list, if that list is known. */
export function addComment(client: QueryClient, comment: Omit<Comment, 'isMine'>): void {
  const target: CommentTarget = { type: comment.targetType, id: comment.targetId };
  client.setQueryData(
    commentsOptions(target).queryKey,
    (known) => known && mergeNewest(known, [{ ...comment, isMine: false }]),
  );
}

/** The curator withdrew it: it is gone, wherever it stood. */
export function removeComment(client: QueryClient, target: CommentTarget, commentId: string): void {
  client.setQueryData(
    commentsOptions(target).queryKey,
    (known) =>
      known && {
        ...known,
        pages: known.pages.map((page) =>
          page.comments.some(({ _id }) => _id === commentId)
            ? { ...page, comments: page.comments.filter(({ _id }) => _id !== commentId) }
            : page,
        ),
      },
  );
}
