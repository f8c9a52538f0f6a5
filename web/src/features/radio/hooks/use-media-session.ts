import { useCallback, useEffect } from 'react';
import type { RadioSong } from '@/lib/schemas/song';
import { useSoloPlays } from '@/lib/solo';
import type { RadioStream } from '../api/get-radio-stream';
import { useSkipVote } from '../api/skip-song';

interface Playing {
  joined: boolean;
  join: () => void;
  leave: () => void;
}

const ACTIONS = ['play', 'pause', 'stop', 'nexttrack'] as const;
type Action = (typeof ACTIONS)[number];

function handle(action: Action, handler: (() => void) | null): void {
  try {
    navigator.mediaSession.setActionHandler(action, handler);
  } catch {
    // A browser that does not know the key has no such key.
  }
}

/**
 * Tells the lock screen what plays, and takes its keys: pause leaves, play comes back in step, next is a vote. While
 * something plays outside the radio, the lock screen is that song's.
 */
export function useMediaSession(
  stream: RadioStream | undefined,
  song: RadioSong | null,
  { joined, join, leave }: Playing,
): void {
  const { vote } = useSkipVote();
  const canVote = stream?.skip.policy === 'vote' && !stream.skip.voted;
  const seq = song?.seq ?? null;
  const next = useCallback(() => {
    if (seq !== null) vote(seq);
  }, [vote, seq]);
  const quiet = useSoloPlays();
  const here = 'mediaSession' in navigator && !quiet;
  const shown = song !== null;
  const { title = '', artist = '', albumArt = '' } = song ?? {};
  // Who has paused finds the song there still, to come back to it.
  useEffect(() => {
    if (!here || !shown || !joined) return;
    navigator.mediaSession.metadata = new MediaMetadata({
      title,
      artist,
      album: 'PopRadio',
      artwork: [{ src: new URL(albumArt, window.location.href).href }],
    });
  }, [here, shown, joined, title, artist, albumArt]);
  useEffect(() => {
    if (!here) return;
    navigator.mediaSession.playbackState = joined && shown ? 'playing' : 'paused';
  }, [here, joined, shown]);
  useEffect(() => {
    if (!here) return undefined;
    handle('play', join);
    handle('pause', leave);
    handle('stop', leave);
    handle('nexttrack', joined && shown && canVote ? next : null);
    return () => ACTIONS.forEach((action) => handle(action, null));
  }, [here, joined, shown, join, leave, canVote, next]);
}
