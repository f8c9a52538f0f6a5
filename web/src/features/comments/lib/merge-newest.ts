import type { InfiniteData } from '@tanstack/react-query';
import type { Comment, CommentPage } from '@/lib/schemas/comment';

type Pages = InfiniteData<CommentPage, unknown>;

/**
 * Puts comments that are not yet known at the head of the list. The same list if there is nothing new. Events do not know
 * whose a comment is: where the station's own answer to its author says so, that stands.
 */
export function mergeNewest(known: Pages, newest: readonly Comment[]): Pages {
  const [first, ...rest] = known.pages;
  if (first === undefined) return known;
  const byId = new Map(known.pages.flatMap((page) => page.comments.map((one) => [one._id, one])));
  const fresh = newest.filter(({ _id }) => !byId.has(_id));
  const owned = new Set(
    newest
      .filter(({ _id, isMine }) => isMine && byId.get(_id)?.isMine === false)
      .map(({ _id }) => _id),
  );
  if (fresh.length === 0 && owned.size === 0) return known;
  const pages =
    owned.size === 0
      ? [first, ...rest]
      : known.pages.map((page) => ({
          ...page,
          comments: page.comments.map((one) =>
            owned.has(one._id) ? { ...one, isMine: true } : one,
          ),
        }));
  const [head, ...others] = pages;
  if (head === undefined) return known;
  return { ...known, pages: [{ ...head, comments: [...fresh, ...head.comments] }, ...others] };
}
