import type { Song } from '@/lib/schemas/song';

/** How a song is played outside the radio. */
export type SoloSource =
  | { kind: 'file'; url: string; picture: boolean }
  /** A player of another site, in a frame. */
  | { kind: 'youtube' | 'vimeo'; url: string };

const YOUTUBE =
  /^https?:\/\/(?:www\.|m\.|music\.)?(?:youtube(?:-nocookie)?\.com\/(?:watch\?(?:[^#]*&)?v=|embed\/|shorts\/|live\/)|youtu\.be\/)([\w-]{11})/i;
const VIMEO = /^https?:\/\/(?:www\.|player\.)?vimeo\.com\/(?:video\/)?(\d+)/i;

/** The frame of the site a video lives on; it starts by itself and tells how it goes. Null for what is no such link. */
function frameOf(videoUrl: string, origin: string): SoloSource | null {
  const youtube = YOUTUBE.exec(videoUrl)?.[1];
  if (youtube !== undefined) {
    const query = new URLSearchParams({
      autoplay: '1',
      enablejsapi: '1',
      origin,
      playsinline: '1',
      rel: '0',
    });
    // This one sets no cookie before somebody plays.
    const url = `https://www.youtube-nocookie.com/embed/${youtube}?${query.toString()}`;
    return { kind: 'youtube', url };
  }
  const vimeo = VIMEO.exec(videoUrl)?.[1];
  return vimeo === undefined
    ? null
    : { kind: 'vimeo', url: `https://player.vimeo.com/video/${vimeo}?autoplay=1&dnt=1` };
}

/** What to try for a song, best first: its video, then its sound. */
export function soloSources(
  { videoUrl, audioUrl }: Pick<Song, 'videoUrl' | 'audioUrl'>,
  origin: string,
): SoloSource[] {
  const sources: SoloSource[] = [];
  if (videoUrl !== '') {
    sources.push(frameOf(videoUrl, origin) ?? { kind: 'file', url: videoUrl, picture: true });
  }
  if (audioUrl !== '' && audioUrl !== videoUrl) {
    sources.push({ kind: 'file', url: audioUrl, picture: false });
  }
  return sources;
}
