import { HAVE_METADATA, type Medium, MEDIA_ERR_NETWORK, MEDIUM_EVENTS } from '@/lib/media/medium';
import type { RadioSong } from '@/lib/schemas/song';
import { type Source, sourcesOf } from './source';
import { slotKey } from './timeline';

/** A line that broke is tried again after these; then the song counts as one that does not play here. */
const RETRIES_MS = [2_000, 5_000, 10_000];

/** One media element and the slot it is loaded with. Two of them make a player without gaps. */
export class Deck {
  slot: RadioSong | null = null;
  source: Source | null = null;
  failed = false;
  private roused = false;
  private untried: Source[] = [];
  private retries = 0;
  private retryTimer: ReturnType<typeof setTimeout> | null = null;
  private detach: (() => void) | null = null;

  constructor(
    private medium: Medium | null,
    private readonly changed: () => void,
  ) {}

  get key(): string | null {
    return this.slot === null ? null : slotKey(this.slot);
  }

  get element(): Medium | null {
    return this.medium;
  }

  attach(medium: Medium): void {
    this.medium = medium;
    const onError = (): void => this.onError();
    const onChange = (): void => this.changed();
    medium.addEventListener('error', onError);
    for (const event of MEDIUM_EVENTS) medium.addEventListener(event, onChange);
    this.detach = () => {
      medium.removeEventListener('error', onError);
      for (const event of MEDIUM_EVENTS) medium.removeEventListener(event, onChange);
    };
  }

  release(): void {
    this.detach?.();
    this.detach = null;
    this.eject();
    this.medium = null;
  }

  /** Makes ready to play this slot. Asks the network for as much as `preload` says. */
  load(slot: RadioSong, preload: 'metadata' | 'auto', preferAudio: boolean): void {
    this.eject();
    this.slot = slot;
    this.untried = sourcesOf(slot, preferAudio);
    this.retries = 0;
    this.roused = false;
    this.next(preload);
  }

  /**
   * Once, shortly before it begins: a browser lets go of the decoder of a medium that rests for long, and would need a
   * good part of a second to get it back at the first note. A seek to where it stands gets it back now.
   */
  rouse(): void {
    const { medium } = this;
    if (this.roused || medium === null || !medium.paused || medium.seekOnly === true) return;
    if (medium.readyState < HAVE_METADATA) return;
    this.roused = true;
    medium.currentTime = 0;
  }

  eject(): void {
    if (this.retryTimer !== null) clearTimeout(this.retryTimer);
    this.retryTimer = null;
    this.slot = null;
    this.source = null;
    this.failed = false;
    this.untried = [];
    const { medium } = this;
    if (medium === null) return;
    medium.pause();
    medium.playbackRate = 1;
    medium.removeAttribute('src');
    medium.load();
  }

  private next(preload: 'metadata' | 'auto'): void {
    this.source = this.untried.shift() ?? null;
    this.failed = this.source === null;
    if (this.medium === null || this.source === null) return;
    this.medium.preload = preload;
    this.medium.label = this.slot?.title ?? '';
    this.medium.src = this.source.url;
    this.medium.load();
  }

  private onError(): void {
    const { medium, source } = this;
    if (medium === null || source === null || medium.error === null) return;
    const wait = medium.error.code === MEDIA_ERR_NETWORK ? RETRIES_MS[this.retries] : undefined;
    if (wait !== undefined) {
      this.retries += 1;
      this.retryTimer = setTimeout(() => {
        medium.src = source.url;
        medium.load();
        this.changed();
      }, wait);
    } else {
      this.retries = 0;
      this.next('auto');
    }
    this.changed();
  }
}
