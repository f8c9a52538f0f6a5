import { useCallback, useState } from 'react';
import type { Song } from '@/lib/schemas/song';

export interface PlayThrough {
  /** The song that plays; null when none does. */
  song: Song | null;
  /** Its place in the list, from 1; 0 when none plays. */
  place: number;
  hasNext: boolean;
  /** Begins at this place of the list, from 0. */
  start: (index?: number) => void;
  /** Goes on with the next song; after the last one it is over. */
  next: () => void;
  stop: () => void;
}

/** Plays a list in its order, outside the radio. Another list starts in silence. */
export function usePlayThrough(listId: string, songs: readonly Song[]): PlayThrough {
  const [at, setAt] = useState<{ listId: string; index: number } | null>(null);
  const index = at?.listId === listId ? at.index : null;
  const song = index === null ? null : (songs[index] ?? null);
  const { length } = songs;
  const go = useCallback(
    (to: number) => setAt(to < length ? { listId, index: to } : null),
    [listId, length],
  );
  return {
    song,
    place: song === null ? 0 : (index ?? 0) + 1,
    hasNext: index !== null && index + 1 < length,
    start: useCallback((from = 0) => go(from), [go]),
    next: useCallback(() => go((index ?? -1) + 1), [go, index]),
    stop: useCallback(() => setAt(null), []),
  };
}
