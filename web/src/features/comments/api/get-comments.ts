import { infiniteQueryOptions } from '@tanstack/react-query';
import { request } from '@/lib/api/client';
import { type CommentPage, commentPageSchema, type TargetType } from '@/lib/schemas/comment';

export interface CommentTarget {
  type: TargetType;
  id: string;
}

const PAGE = 20;

/** One page of comments, newest first. */
export function getComments(
  { type, id }: CommentTarget,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<CommentPage> {
  const query = new URLSearchParams({ limit: String(PAGE), ...(cursor !== null && { cursor }) });
  return request(`/${type}s/${id}/comments?${query.toString()}`, {
    schema: commentPageSchema,
    ...(signal && { signal }),
  });
}

export const commentsOptions = (target: CommentTarget) =>
  infiniteQueryOptions({
    queryKey: ['comments', target.type, target.id],
    queryFn: ({ pageParam, signal }) => getComments(target, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: Infinity, // its own rhythm fetches what is new (use-newest-comments.ts)
  });
