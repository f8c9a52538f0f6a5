import { useEffect } from 'react';
import type { RadioSong } from '@/lib/schemas/song';

/** Tells the lock screen what plays. */
export function useMediaSession(song: RadioSong | null, joined: boolean): void {
  useEffect(() => {
    if (!('mediaSession' in navigator)) return;
    navigator.mediaSession.metadata =
      song === null || !joined
        ? null
        : new MediaMetadata({
            title: song.title,
            artist: song.artist,
            album: 'PopRadio',
            artwork: [{ src: new URL(song.albumArt, window.location.href).href }],
          });
  }, [song, joined]);
}
