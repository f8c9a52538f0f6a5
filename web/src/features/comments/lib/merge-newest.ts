import type { InfiniteData } from '@tanstack/react-query';
import type { Comment, CommentPage } from '@/lib/schemas/comment';

type Pages = InfiniteData<CommentPage, unknown>;

/** Puts comments that are not yet known at the head of the list. The same list if there are none. */
export function mergeNewest(known: Pages, newest: readonly Comment[]): Pages {
  const ids = new Set(known.pages.flatMap((page) => page.comments.map((comment) => comment._id)));
  const fresh = newest.filter((comment) => !ids.has(comment._id));
  const [first, ...rest] = known.pages;
  if (fresh.length === 0 || first === undefined) return known;
  return { ...known, pages: [{ ...first, comments: [...fresh, ...first.comments] }, ...rest] };
}
