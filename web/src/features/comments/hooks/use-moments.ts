import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useStationEvent } from '@/lib/events/context';
import { extrasBudget } from '@/lib/request-budget';
import type { Comment } from '@/lib/schemas/comment';
import { useStationClock } from '@/lib/station-clock';
import { commentsOptions, getCommentsAround } from '../api/get-comments';
import { dueMoments, type Line, nothingShown, turn } from '../lib/moments';
import { commentsOf } from '../lib/pages';

const TICK_MS = 500;
/** A look at the clock that comes later than this has no business with what it missed. */
const LATE_MS = 3_000;
/** `around` reaches so far to both sides. */
const REACH_MS = 15_000;
/** It is asked only while so much is left for what matters more. */
const LEAVES = 3;

/**
 * What was said about this very second: in earlier plays, as the song comes to it, and now, as it arrives.
 * @returns the line to show.
 */
export function useMoments(songId: string, startedAt: number): Line | null {
  const clock = useStationClock();
  const { data } = useInfiniteQuery({
    ...commentsOptions({ type: 'song', id: songId }),
    enabled: false, // the list of the page fetches them
  });
  const [showing, setShowing] = useState(nothingShown);
  const around = useRef<readonly Comment[]>([]);
  const askedToMs = useRef(-Infinity);
  const beforeMs = useRef(-Infinity);

  useEffect(() => {
    const listed = data === undefined ? [] : commentsOf(data);
    const hasMore = data?.pages.at(-1)?.nextCursor != null;
    const look = (): void => {
      const now = clock.now();
      const atMs = now - startedAt;
      const fromMs = atMs - beforeMs.current > LATE_MS ? atMs - TICK_MS : beforeMs.current;
      beforeMs.current = atMs;
      const due = dueMoments([...listed, ...around.current], fromMs, atMs, startedAt);
      setShowing((before) => turn(before, now, due));
      const mayAsk = hasMore && atMs >= askedToMs.current && extrasBudget.waitMs(LEAVES) === 0;
      if (!mayAsk || document.visibilityState !== 'visible') return;
      askedToMs.current = atMs + 2 * REACH_MS;
      extrasBudget.spend();
      getCommentsAround(songId, atMs + REACH_MS).then(
        (comments) => {
          around.current = comments;
        },
        () => undefined, // a memory less
      );
    };
    const timer = setInterval(look, TICK_MS);
    return () => clearInterval(timer);
  }, [clock, data, songId, startedAt]);

  useStationEvent('comment', ({ data: { comment } }) => {
    if (comment.targetId === songId) setShowing((before) => turn(before, clock.now(), [comment]));
  });
  useStationEvent('commentHidden', ({ data: { commentId } }) => {
    around.current = around.current.filter(({ _id }) => _id !== commentId);
    setShowing((before) =>
      before.lines.some(({ _id }) => _id === commentId)
        ? { ...before, lines: before.lines.filter(({ _id }) => _id !== commentId) }
        : before,
    );
  });
  return showing.lines[0] ?? null;
}
