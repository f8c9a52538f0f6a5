import { useEffect } from 'react';
import type { Song } from '@/lib/schemas/song';

/** Tells the lock screen what plays outside the radio; what the radio had told comes back afterwards. */
export function useLockScreen(song: Song, plays: boolean): void {
  const { title, artist, albumArt } = song;
  useEffect(() => {
    if (!plays || !('mediaSession' in navigator)) return undefined;
    const before = navigator.mediaSession.metadata;
    navigator.mediaSession.metadata = new MediaMetadata({
      title,
      artist,
      artwork: [{ src: new URL(albumArt, window.location.href).href }],
    });
    return () => {
      navigator.mediaSession.metadata = before;
    };
  }, [title, artist, albumArt, plays]);
}
