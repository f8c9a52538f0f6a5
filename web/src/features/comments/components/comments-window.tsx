import { useInfiniteQuery } from '@tanstack/react-query';
import { useId, useMemo, useRef } from 'react';
import { Ridge } from '@/components/ridge';
import { useWatched } from '@/lib/events/context';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { Comment } from '@/lib/schemas/comment';
import { type CommentTarget, commentsOptions, FROM_THE_START } from '../api/get-comments';
import { useEarlierComments } from '../hooks/use-earlier-comments';
import { useInSight } from '../hooks/use-in-sight';
import { useNewestComments } from '../hooks/use-newest-comments';
import { useWaitingLines } from '../hooks/use-waiting-lines';
import { commentsOf, nothingYet } from '../lib/pages';
import { CommentLine } from './comment-line';
import { Composer } from './composer';

interface CommentsWindowProps {
  target: CommentTarget;
  title: string;
  placeholder: string;
  /** Shown while nobody has said anything. */
  empty: string;
  /** How this list tells when a comment was made. */
  when: (comment: Comment) => string;
  /** At most one fact, at the end of the title bar. */
  fact?: ((comments: readonly Comment[]) => string | null) | undefined;
  /** The moment of the song that a line sent now is about. */
  atMs?: (() => number) | undefined;
  /** The song is on air: the stream tells of its comments by itself. */
  onAir?: boolean;
  /**
   * This list came by itself, with the song: it begins with what is said from now on, and what was said before is fetched
   * when the budget of the page allows, or when somebody asks.
   */
  patient?: boolean;
}

/** What people say about a song or playlist: first the field, then the newest. */
export function CommentsWindow({
  target,
  title,
  placeholder,
  empty,
  when,
  fact,
  atMs,
  onAir = false,
  patient = false,
}: CommentsWindowProps) {
  const { t } = useTranslation(['comments', 'common']);
  const headId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [sightRef, inSight] = useInSight();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useInfiniteQuery({ ...commentsOptions(target), ...(patient && { initialData: nothingYet }) });
  useWatched(onAir ? null : `${target.type}=${target.id}`);
  useNewestComments(target, inSight);
  const isStart = data?.pages.at(-1)?.nextCursor === FROM_THE_START;
  useEarlierComments(isStart && inSight, fetchNextPage);
  const comments = useMemo(() => (data === undefined ? [] : commentsOf(data)), [data]);
  const { shown, waiting, onScroll, letIn } = useWaitingLines(comments, list);
  const shownFact = fact?.(comments) ?? null;

  return (
    <section className="window live" aria-labelledby={headId} ref={sightRef}>
      <div className="head">
        <h2 id={headId}>{title}</h2>
        <Ridge />
        {shownFact !== null && <span className="led">{shownFact}</span>}
      </div>
      <Composer
        key={`${target.type} ${target.id}`}
        target={target}
        placeholder={placeholder}
        atMs={atMs}
      />
      <div
        className="talk-box"
        ref={list}
        onScroll={onScroll}
        role="group"
        aria-label={t('list')}
        // On a desk it scrolls by itself: the keyboard must be able to get hold of it.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        {waiting > 0 && (
          <button type="button" className="gel waiting" onClick={letIn}>
            {t('waiting', { count: waiting })}
          </button>
        )}
        <ol className="talk" aria-busy={isPending}>
          {shown.map((comment) => (
            <CommentLine key={comment._id} comment={comment} when={when(comment)} />
          ))}
        </ol>
        {!isPending && error === null && comments.length === 0 && !isStart && (
          <p className="hush">{empty}</p>
        )}
        {error !== null && comments.length === 0 && (
          <p className="hush">
            {t('failed')}{' '}
            <button type="button" className="link" onClick={() => void refetch()}>
              {t('common:tryAgain')}
            </button>
          </p>
        )}
        {hasNextPage && (
          <p className="hush">
            <button
              type="button"
              className="gel gel--clear"
              aria-busy={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {t(isStart ? 'before' : 'older')}
            </button>
          </p>
        )}
      </div>
    </section>
  );
}
