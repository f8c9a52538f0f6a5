import { MediaPlayer } from '@/lib/media/media-player';
import { isRefusal } from '@/lib/media/medium';
import { mediaOf } from './programme';
import type { EmbedSong } from './station-api';
import type { View } from './view';

interface Outcomes {
  /** The browser wants another tap before there is sound. */
  refused: () => void;
  /** None of the song's addresses plays here. */
  unplayable: () => void;
}

/** The one player, and what is still to be tried for the song in it. */
export class Medium {
  readonly player: MediaPlayer;
  private untried: string[] = [];
  private wanted = false;
  private label = '';

  /** @param controls whether a site's own keys are shown. */
  constructor(
    private readonly view: View,
    private readonly outcomes: Outcomes,
    controls = false,
  ) {
    const { video, frames } = view;
    this.player = new MediaPlayer(video, frames, { controls });
    const shown = (): void => {
      if (this.player.inFrame) view.shows('frame');
      else view.shows(video.videoWidth > 0 ? 'video' : 'sound');
    };
    this.player.addEventListener('loadeddata', shown);
    this.player.addEventListener('playing', shown);
    this.player.addEventListener('error', () => {
      if (this.loaded) this.next();
    });
  }

  get loaded(): boolean {
    return this.player.src !== '';
  }

  put(song: EmbedSong): void {
    this.view.song(song);
    this.label = song.title;
    this.untried = mediaOf(song);
    this.next();
  }

  eject(): void {
    this.view.shows('art');
    this.player.removeAttribute('src');
    this.player.load();
  }

  /** From now on whatever is put in is played. Call it from a tap first. */
  play(): void {
    this.wanted = true;
    if (!this.loaded) return;
    this.player.play().catch((error: unknown) => {
      // What does not load says so by its own event.
      if (!isRefusal(error)) return;
      this.wanted = false;
      this.outcomes.refused();
    });
  }

  stop(): void {
    this.wanted = false;
    this.player.pause();
  }

  private next(): void {
    const { player } = this;
    const url = this.untried.shift();
    this.view.shows('art');
    if (url === undefined) {
      this.eject();
      this.outcomes.unplayable();
      return;
    }
    player.label = this.label;
    player.preload = this.wanted ? 'auto' : 'none';
    player.src = url;
    player.load();
    if (this.wanted) this.play();
  }
}
