import type { InfiniteData } from '@tanstack/react-query';
import type { Comment, CommentPage } from '@/lib/schemas/comment';
import { FROM_THE_START } from '../api/get-comments';

export type Pages = InfiniteData<CommentPage, string | null>;

/** A list of which nothing is known yet: what is said from now on stands in it, and the next page is the first. */
export const nothingYet: Pages = {
  pages: [{ comments: [], nextCursor: FROM_THE_START }],
  pageParams: [null],
};

/** All lines, newest first, each once: one that came by itself may stand in a page that was fetched later, too. */
export function commentsOf({ pages }: Pick<Pages, 'pages'>): Comment[] {
  const seen = new Set<string>();
  return pages
    .flatMap(({ comments }) => comments)
    .filter(({ _id }) => {
      if (seen.has(_id)) return false;
      seen.add(_id);
      return true;
    });
}
