import { hashKey, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { addComment, removeComment } from '@/features/comments/lib/live-comments';
import { mySessionOptions } from '@/features/mine/api/get-my-session';
import { type RadioStream, radioStreamOptions } from '@/features/radio/api/get-radio-stream';
import { type LiveState, withLive } from '@/features/radio/lib/live-state';
import { reportAnswer } from '@/lib/connection';
import { useEventsState, useStationEvent } from '@/lib/events/context';
import type { EventSong } from '@/lib/events/station-event';
import { extrasBudget } from '@/lib/request-budget';
import { likedInCache, patchCounters, patchLiked } from '@/lib/song-cache';

/** Everybody hears of a song in the same instant; what has to be fetched for it is fetched over so long. */
export const SPREAD_MS = 20_000;

const streamKey = radioStreamOptions().queryKey;
const streamHash = hashKey(streamKey);

/** Whether this listener likes a song; undefined when nothing that is known tells. */
function isLiked(client: QueryClient, id: string): boolean | undefined {
  return (
    likedInCache(client, id) ??
    client.getQueryData(mySessionOptions().queryKey)?.liked.songs.includes(id)
  );
}

/** Events say nothing about the listener: asks once which hearts are on, when songs come that no answer has told about. */
function useMyHearts(): (id: string) => boolean {
  const client = useQueryClient();
  const unknown = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(
    (id) => {
      const liked = isLiked(client, id);
      if (liked !== undefined) return liked;
      unknown.current.add(id);
      timer.current ??= setTimeout(() => {
        extrasBudget.spend();
        client.fetchQuery(mySessionOptions()).then(
          ({ liked: { songs } }) => {
            for (const one of unknown.current) {
              if (songs.includes(one))
                patchLiked(client, one, ({ likes }) => ({ likes, isLikedByUser: true }));
            }
            unknown.current.clear();
          },
          () => {
            timer.current = undefined; // the next such song asks again
          },
        );
      }, Math.random() * SPREAD_MS);
      return false;
    },
    [client],
  );
}

/** What was told, with the numbers that the answer in the cache has by now. */
function withCountsOf(answer: RadioStream | undefined, told: LiveState): LiveState {
  if (answer === undefined) return told;
  const known = [answer.nowPlaying, ...answer.queue].filter((song) => song !== null);
  const counted = (song: EventSong): EventSong => {
    const same = known.find(({ _id }) => _id === song._id);
    return same === undefined ? song : { ...song, likes: same.likes, plays: same.plays };
  };
  const { nowPlaying, queue, skip } = told;
  const { votes, needed, voted } = answer.skip;
  return {
    ...told,
    // A vote of one's own is counted before the station tells of it.
    ...(skip !== undefined &&
      voted &&
      skip.seq === answer.nowPlaying?.seq && { skip: { ...skip, votes, needed } }),
    ...(nowPlaying?.nowPlaying != null && {
      nowPlaying: { ...nowPlaying, nowPlaying: counted(nowPlaying.nowPlaying) },
    }),
    ...(queue !== undefined && { queue: queue.map(counted) }),
  };
}

/** Lets the events of the station change what the page shows, wherever the cache has it. */
export function useLiveStation(): void {
  const client = useQueryClient();
  const state = useEventsState();
  const live = useRef<LiveState>({});
  const myHeart = useMyHearts();

  const tell = useCallback(
    (news: LiveState) => {
      // Hearts and plays went on since an event was told: the cache has them, by their own events.
      const known = client.getQueryData(streamKey);
      live.current = { ...withCountsOf(known, live.current), ...news };
      client.setQueryData(streamKey, (known) => known && withLive(known, live.current, myHeart));
    },
    [client, myHeart],
  );

  // An answer that was asked for before the events and comes after them must not turn back what they told.
  useEffect(
    () =>
      client.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated' || event.action.type !== 'success') return;
        if (event.action.manual === true || event.query.queryHash !== streamHash) return;
        if (Object.keys(live.current).length > 0) queueMicrotask(() => tell({}));
      }),
    [client, tell],
  );

  useEffect(() => {
    if (state === 'open') reportAnswer(null);
    // What was told while the stream was open grows old: from here on, answers know better.
    else live.current = {};
  }, [state]);

  useStationEvent('nowPlaying', ({ data }) => tell({ nowPlaying: data }));
  useStationEvent('queue', ({ data }) => tell({ queue: data.queue }));
  useStationEvent('listeners', ({ data }) => tell({ listeners: data.listeners }));
  useStationEvent('skip', ({ data }) => tell({ skip: data.skip }));

  useStationEvent('counters', ({ data: { songId, playlistId, likes, ...rest } }) => {
    const id = songId ?? playlistId;
    if (id === undefined) return;
    // A heart on its way is shown already, and its answer is the newer one.
    const onItsWay = client.isMutating({ mutationKey: ['like', id] }) > 0;
    patchCounters(client, id, onItsWay ? rest : { likes, ...rest });
  });
  useStationEvent('comment', ({ data }) => addComment(client, data.comment));
  useStationEvent('commentHidden', ({ data: { commentId, targetType, targetId } }) =>
    removeComment(client, { type: targetType, id: targetId }, commentId),
  );

  const late = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(late.current), []);
  useStationEvent('serverTime', ({ missed }) => {
    if (!missed) return;
    clearTimeout(late.current);
    late.current = setTimeout(() => {
      extrasBudget.spend();
      void client.invalidateQueries({ queryKey: ['comments'] });
      // A vote may have been withdrawn while this listener was away.
      if (client.getQueryData(streamKey)?.skip.voted === true)
        void client.invalidateQueries({ queryKey: streamKey });
    }, Math.random() * SPREAD_MS);
  });
}
