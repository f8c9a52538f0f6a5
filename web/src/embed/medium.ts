import { mediaOf } from './programme';
import type { EmbedSong } from './station-api';
import type { View } from './view';

interface Outcomes {
  /** The browser wants another tap before there is sound. */
  refused: () => void;
  /** None of the song's addresses plays here. */
  unplayable: () => void;
}

/** The one media element, and what is still to be tried for the song in it. */
export class Medium {
  private untried: string[] = [];
  private wanted = false;

  constructor(
    private readonly view: View,
    private readonly outcomes: Outcomes,
  ) {
    const { video } = view;
    video.addEventListener('loadeddata', () =>
      view.shows(video.videoWidth > 0 ? 'video' : 'sound'),
    );
    video.addEventListener('error', () => {
      if (video.hasAttribute('src')) this.next();
    });
  }

  put(song: EmbedSong): void {
    this.view.song(song);
    this.untried = mediaOf(song);
    this.next();
  }

  eject(): void {
    const { video } = this.view;
    this.view.shows('art');
    video.removeAttribute('src');
    video.load();
  }

  /** From now on whatever is put in is played. Call it from a tap first. */
  play(): void {
    const { video } = this.view;
    this.wanted = true;
    if (!video.hasAttribute('src')) return;
    video.play().catch((error: unknown) => {
      // What does not load says so by its own event.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      this.wanted = false;
      this.outcomes.refused();
    });
  }

  stop(): void {
    this.wanted = false;
    this.view.video.pause();
  }

  private next(): void {
    const { video } = this.view;
    const url = this.untried.shift();
    this.view.shows('art');
    if (url === undefined) {
      this.eject();
      this.outcomes.unplayable();
      return;
    }
    video.preload = this.wanted ? 'auto' : 'none';
    video.src = url;
    if (this.wanted) this.play();
  }
}
