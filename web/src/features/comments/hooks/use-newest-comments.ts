import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useEventsState } from '@/lib/events/context';
import { pageBudget, pollDelayMs } from '@/lib/request-budget';
import { type CommentTarget, commentsOptions, getComments } from '../api/get-comments';
import { mergeNewest } from '../lib/merge-newest';

const CALM_MS = 40_000;

/** While the list is in sight and no event tells, looks now and then for what was said meanwhile. */
export function useNewestComments(target: CommentTarget, inSight: boolean): void {
  const client = useQueryClient();
  const { type, id } = target;
  const told = useEventsState() === 'open';
  useEffect(() => {
    if (!inSight || told) return undefined;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const later = (): void => {
      timer = setTimeout(() => void look(), pollDelayMs(CALM_MS, pageBudget));
    };
    const look = async (): Promise<void> => {
      if (document.visibilityState === 'visible') {
        pageBudget.spend();
        try {
          const { comments } = await getComments({ type, id }, null, controller.signal);
          client.setQueryData(
            commentsOptions({ type, id }).queryKey,
            (known) => known && mergeNewest(known, comments),
          );
        } catch {
          // The page says how it goes with the station; a missed look is made up for by the next.
        }
      }
      if (!controller.signal.aborted) later();
    };
    later();
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [client, type, id, inSight, told]);
}
