import type { Song } from '@/lib/schemas/song';

export interface Source {
  kind: 'video' | 'audio';
  url: string;
}

/** Pages that play videos in a player of their own; a media element cannot open them. */
const PLAYER_PAGES =
  /^https?:\/\/(?:www\.|m\.|music\.)?(?:youtube\.com|youtu\.be|vimeo\.com|player\.vimeo\.com)\//i;

/** What a media element can try for this song, best first. Empty when there is nothing for it. */
export function sourcesOf(
  song: Pick<Song, 'videoUrl' | 'audioUrl'>,
  preferAudio = false,
): Source[] {
  const video: Source[] =
    song.videoUrl !== '' && !PLAYER_PAGES.test(song.videoUrl)
      ? [{ kind: 'video', url: song.videoUrl }]
      : [];
  const audio: Source[] =
    song.audioUrl !== '' && song.audioUrl !== song.videoUrl
      ? [{ kind: 'audio', url: song.audioUrl }]
      : [];
  return preferAudio ? [...audio, ...video] : [...video, ...audio];
}
