import { playedBy } from '@/lib/media/address';
import type { Song } from '@/lib/schemas/song';

export interface Source {
  kind: 'video' | 'audio';
  url: string;
}

/** What to try for this song, best first. Empty when there is nothing for it. */
export function sourcesOf(
  song: Pick<Song, 'videoUrl' | 'audioUrl'>,
  preferAudio = false,
): Source[] {
  const video: Source[] =
    playedBy(song.videoUrl) !== null ? [{ kind: 'video', url: song.videoUrl }] : [];
  const audio: Source[] =
    playedBy(song.audioUrl) !== null && song.audioUrl !== song.videoUrl
      ? [{ kind: 'audio', url: song.audioUrl }]
      : [];
  return preferAudio ? [...audio, ...video] : [...video, ...audio];
}
