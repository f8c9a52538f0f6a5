import { playedBy } from '@/lib/media/address';
import type { EmbedSlot, EmbedSong } from './station-api';

/** What a frame is a window to. */
export type Programme =
  { kind: 'radio' } | { kind: 'song'; id: string } | { kind: 'playlist'; id: string };

/** `/embed`, `/embed/songs/…` and `/embed/playlists/…`, as the station serves them. */
export function programmeAt(pathname: string): Programme {
  const [, kind, id] = /^\/embed\/(songs|playlists)\/([^/]+)$/.exec(pathname) ?? [];
  if (id === undefined) return { kind: 'radio' };
  return kind === 'songs' ? { kind: 'song', id } : { kind: 'playlist', id };
}

/** The page of the station that the frame leads to. */
export const pageOf = (programme: Programme): string => {
  switch (programme.kind) {
    case 'radio':
      return '/';
    case 'song':
      return `/songs/${programme.id}`;
    case 'playlist':
      return `/playlists/${programme.id}`;
  }
};

/**
 * Reads the timeline at `nowMs`. Before the first start by a hair, as clocks are never quite the same, the first song is on
 * air already; after the last end, nothing is known to be.
 */
export const slotAt = (slots: readonly EmbedSlot[], nowMs: number): EmbedSlot | null =>
  slots.find((slot) => nowMs < slot.endsAt) ?? null;

/** What can be tried, best first: files, lists of segments, and videos that other sites show in a frame. */
export const mediaOf = (song: Pick<EmbedSong, 'videoUrl' | 'audioUrl'>): string[] =>
  [...new Set([song.videoUrl, song.audioUrl])].filter((url) => playedBy(url) !== null);
