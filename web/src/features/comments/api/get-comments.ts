import { infiniteQueryOptions } from '@tanstack/react-query';
import { request } from '@/lib/api/client';
import {
  type Comment,
  type CommentPage,
  commentPageSchema,
  type TargetType,
} from '@/lib/schemas/comment';

export interface CommentTarget {
  type: TargetType;
  id: string;
}

const PAGE = 20;

/** Leads from lines that came by themselves to those that were said before: the first page, not yet fetched. */
export const FROM_THE_START = 'start';

/** One page of comments, newest first. */
export function getComments(
  { type, id }: CommentTarget,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<CommentPage> {
  const query = new URLSearchParams({
    limit: String(PAGE),
    ...(cursor !== null && cursor !== FROM_THE_START && { cursor }),
  });
  return request(`/${type}s/${id}/comments?${query.toString()}`, {
    schema: commentPageSchema,
    ...(signal && { signal }),
  });
}

/** What was said about this place of a song, within a quarter of a minute. */
export const getCommentsAround = async (
  songId: string,
  aroundMs: number,
  signal?: AbortSignal,
): Promise<readonly Comment[]> => {
  const query = new URLSearchParams({ around: String(Math.round(aroundMs)), limit: '50' });
  const { comments } = await request(`/songs/${songId}/comments?${query.toString()}`, {
    schema: commentPageSchema,
    ...(signal && { signal }),
  });
  return comments;
};

export const commentsOptions = (target: CommentTarget) =>
  infiniteQueryOptions({
    queryKey: ['comments', target.type, target.id],
    queryFn: ({ pageParam, signal }) => getComments(target, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: Infinity, // its own rhythm fetches what is new (use-newest-comments.ts)
  });
