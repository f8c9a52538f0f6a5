import type { RadioSong } from '@/lib/schemas/song';
import { type Source, sourcesOf } from './source';
import { slotKey } from './timeline';

/** What a deck needs of a media element. */
export type Medium = Pick<
  HTMLVideoElement,
  | 'src'
  | 'preload'
  | 'currentTime'
  | 'playbackRate'
  | 'volume'
  | 'muted'
  | 'paused'
  | 'ended'
  | 'seeking'
  | 'readyState'
  | 'duration'
  | 'error'
  | 'play'
  | 'pause'
  | 'load'
  | 'removeAttribute'
  | 'addEventListener'
  | 'removeEventListener'
>;

/** How much a medium has, in the numbers of the standard. */
export const HAVE_METADATA = 1;
export const HAVE_CURRENT_DATA = 2;
export const HAVE_FUTURE_DATA = 3;
export const HAVE_ENOUGH_DATA = 4;

/** The browser lets nothing play, or nothing with sound, without a tap. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'NotAllowedError';

const MEDIA_ERR_NETWORK = 2;
/** A line that broke is tried again after these; then the song counts as one that does not play here. */
const RETRIES_MS = [2_000, 5_000, 10_000];

/** One media element and the slot it is loaded with. Two of them make a player without gaps. */
export class Deck {
  slot: RadioSong | null = null;
  source: Source | null = null;
  failed = false;
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
    const events = [
      'playing',
      'waiting',
      'seeked',
      'loadeddata',
      'loadedmetadata',
      'ended',
      'pause',
    ];
    for (const event of events) medium.addEventListener(event, onChange);
    this.detach = () => {
      medium.removeEventListener('error', onError);
      for (const event of events) medium.removeEventListener(event, onChange);
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
    this.next(preload);
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
