import type { QueryClient } from '@tanstack/react-query';
import { type Song, songSchema } from './schemas/song';

/** What can change on a song or playlist while it is shown. */
export interface LikeState {
  likes: number;
  isLikedByUser: boolean;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Change = (before: Record<string, unknown>) => Record<string, unknown>;

/** A copy of `value` in which every record with this `_id` is changed; `value` itself if none is. */
function changeRecords(value: unknown, id: string, change: Change): unknown {
  if (Array.isArray(value)) {
    let changed = false;
    const copy = (value as readonly unknown[]).map((item) => {
      const after = changeRecords(item, id, change);
      changed ||= after !== item;
      return after;
    });
    return changed ? copy : value;
  }
  if (!isRecord(value)) return value;
  let copy = value;
  for (const [key, item] of Object.entries(value)) {
    const after = changeRecords(item, id, change);
    if (after !== item) copy = { ...copy, [key]: after };
  }
  return value._id === id ? change(copy) : copy;
}

/** The same for what can be liked. */
export const changeLiked = (
  value: unknown,
  id: string,
  change: (before: LikeState) => LikeState,
): unknown =>
  changeRecords(value, id, (record) => {
    const { likes, isLikedByUser } = record;
    return typeof likes === 'number' && typeof isLikedByUser === 'boolean'
      ? { ...record, ...change({ likes, isLikedByUser }) }
      : record;
  });

function patch(client: QueryClient, change: (data: unknown) => unknown): void {
  for (const query of client.getQueryCache().getAll()) {
    const before: unknown = query.state.data;
    const after = change(before);
    if (after !== before)
      client.setQueryData(query.queryKey, after, { updatedAt: query.state.dataUpdatedAt });
  }
}

/**
 * Changes a song or playlist wherever the cache shows it: on air, in the queue, in lists, in playlists. One press on a
 * heart must not leave another heart of the same song behind.
 */
export function patchLiked(
  client: QueryClient,
  id: string,
  change: (before: LikeState) => LikeState,
): void {
  patch(client, (data) => changeLiked(data, id, change));
}

/** Numbers of a song or playlist, as the station counts them. */
export interface Counters {
  likes?: number;
  plays?: number;
  views?: number;
}

/** Shows these numbers wherever the cache has the song or playlist. A number that a record does not have, it does not get. */
export function patchCounters(client: QueryClient, id: string, counters: Counters): void {
  const told = Object.entries(counters).filter(([, value]) => value !== undefined);
  patch(client, (data) =>
    changeRecords(data, id, (record) => {
      const news = told.filter(
        ([name, value]) => typeof record[name] === 'number' && record[name] !== value,
      );
      return news.length === 0 ? record : { ...record, ...Object.fromEntries(news) };
    }),
  );
}

/** A song as the cache has it; undefined when it has none. */
export function songInCache(client: QueryClient, id: string): Song | undefined {
  let found: Song | undefined;
  for (const query of client.getQueryCache().getAll()) {
    changeRecords(query.state.data, id, (record) => {
      const song = songSchema.safeParse(record);
      if (song.success) found = song.data;
      return record;
    });
    if (found !== undefined) return found;
  }
  return found;
}

/** Whether this listener likes it, if the cache knows. */
export function likedInCache(client: QueryClient, id: string): boolean | undefined {
  let liked: boolean | undefined;
  for (const query of client.getQueryCache().getAll()) {
    changeLiked(query.state.data, id, (state) => {
      liked = state.isLikedByUser;
      return state;
    });
    if (liked !== undefined) return liked;
  }
  return liked;
}
