import { type RefObject, type UIEvent, useCallback, useState } from 'react';
import type { Comment } from '@/lib/schemas/comment';

/**
 * New lines must not push away what somebody reads: while the list is scrolled, they wait.
 * @returns the lines to show, how many wait, and what lets them in.
 */
export function useWaitingLines(comments: readonly Comment[], list: RefObject<HTMLElement | null>) {
  const [heldFrom, setHeldFrom] = useState<string | null>(null);
  const at = heldFrom === null ? 0 : comments.findIndex((comment) => comment._id === heldFrom);
  const waiting = Math.max(0, at);
  const newestId = comments[0]?._id ?? null;
  const onScroll = useCallback(
    (event: UIEvent<HTMLElement>) => {
      const scrolled = event.currentTarget.scrollTop > 8;
      setHeldFrom((held) => (scrolled ? (held ?? newestId) : null));
    },
    [newestId],
  );
  const letIn = useCallback(() => {
    setHeldFrom(null);
    list.current?.scrollTo({ top: 0 });
  }, [list]);
  return { shown: comments.slice(waiting), waiting, onScroll, letIn };
}
