import { type Played, playedBy } from '@/lib/media/address';
import type { Song } from '@/lib/schemas/song';

/** How a song is played outside the radio. */
export interface SoloSource {
  url: string;
  by: Played['by'];
  picture: boolean;
}

/** What to try for a song, best first: its video, then its sound; the other way round to save data. */
export function soloSources(
  { videoUrl, audioUrl }: Pick<Song, 'videoUrl' | 'audioUrl'>,
  soundFirst = false,
): SoloSource[] {
  const source = (url: string, picture: boolean): SoloSource[] => {
    const played = playedBy(url);
    return played === null ? [] : [{ url, by: played.by, picture }];
  };
  const video = source(videoUrl, true);
  const sound = audioUrl === videoUrl ? [] : source(audioUrl, false);
  return soundFirst ? [...sound, ...video] : [...video, ...sound];
}
