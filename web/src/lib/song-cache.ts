import type { QueryClient } from '@tanstack/react-query';

/** What can change on a song or playlist while it is shown. */
export interface LikeState {
  likes: number;
  isLikedByUser: boolean;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy of `value` in which everything with this `_id` that can be liked is changed; `value` itself if nothing is. */
export function changeLiked(
  value: unknown,
  id: string,
  change: (before: LikeState) => LikeState,
): unknown {
  if (Array.isArray(value)) {
    let changed = false;
    const copy = (value as readonly unknown[]).map((item) => {
      const after = changeLiked(item, id, change);
      changed ||= after !== item;
      return after;
    });
    return changed ? copy : value;
  }
  if (!isRecord(value)) return value;
  let copy: Record<string, unknown> | null = null;
  for (const [key, item] of Object.entries(value)) {
    const after = changeLiked(item, id, change);
    if (after !== item) copy = { ...(copy ?? value), [key]: after };
  }
  const { _id, likes, isLikedByUser } = value;
  if (_id === id && typeof likes === 'number' && typeof isLikedByUser === 'boolean') {
    return { ...(copy ?? value), ...change({ likes, isLikedByUser }) };
  }
  return copy ?? value;
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
  for (const query of client.getQueryCache().getAll()) {
    const before: unknown = query.state.data;
    const after = changeLiked(before, id, change);
    if (after !== before)
      client.setQueryData(query.queryKey, after, { updatedAt: query.state.dataUpdatedAt });
  }
}
