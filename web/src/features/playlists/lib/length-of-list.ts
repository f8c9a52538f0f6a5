import type { Playlist } from '@/lib/schemas/playlist';

/** Seconds. */
export const lengthOfList = (playlist: Pick<Playlist, 'songs'>): number =>
  playlist.songs.reduce((sum, song) => sum + song.duration, 0);
