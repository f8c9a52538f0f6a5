import { type Played, playedBy } from './address';
import type { Attached } from './hls';
import {
  type Medium,
  MEDIA_ERR_NETWORK,
  MEDIA_ERR_SRC_NOT_SUPPORTED,
  MEDIUM_EVENTS,
} from './medium';
import type { SitePlayer } from './site-player';

/** The players that are fetched when a song needs them. A test hands in its own. */
export interface Fetched {
  hls: () => Promise<{
    attachHls: (
      video: HTMLVideoElement,
      address: string,
      onFailure: (code: number) => void,
    ) => Attached | null;
  }>;
  site: () => Promise<{
    openSite: (
      host: HTMLElement,
      played: Extract<Played, { by: 'site' }>,
      label: string,
      controls: boolean,
    ) => SitePlayer;
  }>;
}

const FETCHED: Fetched = {
  hls: () => import('./hls'),
  site: () => import('./site-player'),
};

export interface MediaPlayerOptions {
  /** Whether a site's own keys are shown. */
  controls?: boolean;
  fetched?: Fetched;
}

/**
 * Safari plays a list of segments as it plays a file, with all that belongs to it. Others that can do it know neither its
 * languages nor its captions, so they get a player for it.
 */
const playsLists = (video: HTMLVideoElement): boolean =>
  'audioTracks' in video && video.canPlayType('application/vnd.apple.mpegurl') !== '';

/**
 * Plays any address behind the face of one media element: a file by the `<video>` itself, an HLS list by hls.js, a video
 * on YouTube or Vimeo in that site's frame. What a song needs is fetched when it is about to play, and `preload:
 * metadata` asks nobody but the station: a site learns of a listener who plays, not of one who looks at the page.
 */
export class MediaPlayer extends EventTarget implements Medium {
  preload: HTMLMediaElement['preload'] = 'metadata';
  label = '';
  private address = '';
  private played: Played | null = null;
  private site: SitePlayer | null = null;
  private hls: Attached | null = null;
  /** The player on its way, for this load; null when none is needed. */
  private coming: Promise<void> | null = null;
  /** Loads since the start: what comes for an earlier one is dropped. */
  private turn = 0;
  private failure: Pick<MediaError, 'code'> | null = null;
  private loud = { volume: 1, muted: false };
  private wanted: { seek: number | null; play: boolean } = { seek: null, play: false };
  private readonly fetched: Fetched;

  /** @param host where frames are put; it stays where it is, as the video does. */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly host: HTMLElement,
    private readonly options: MediaPlayerOptions = {},
  ) {
    super();
    this.fetched = options.fetched ?? FETCHED;
    this.loud = { volume: video.volume, muted: video.muted };
    for (const type of MEDIUM_EVENTS) video.addEventListener(type, this.hear);
    video.addEventListener('error', this.hear);
  }

  /** Lets go of the element. */
  dispose(): void {
    for (const type of MEDIUM_EVENTS) this.video.removeEventListener(type, this.hear);
    this.video.removeEventListener('error', this.hear);
    this.turn += 1;
    this.leave();
  }

  // ── What is loaded ─────────────────────────────────────────────────────────────────────────

  get src(): string {
    return this.address;
  }
  /** Taken up by `load`. */
  set src(address: string) {
    this.address = address;
  }

  /** Loads an address to play it at once; an empty one leaves nothing. */
  open(address: string, label: string): void {
    this.pause();
    this.src = address;
    this.label = label;
    this.preload = 'auto';
    this.load();
  }

  removeAttribute(name: string): void {
    if (name === 'src') this.address = '';
  }

  load(): void {
    const { video } = this;
    this.turn += 1;
    this.leave();
    this.failure = null;
    this.wanted = { seek: null, play: false };
    this.played = playedBy(this.address);
    if (this.address !== '' && this.played === null) {
      const turn = this.turn;
      queueMicrotask(() => this.fail(turn, MEDIA_ERR_SRC_NOT_SUPPORTED));
    }
    const plain = this.played?.by === 'file' || (this.played?.by === 'hls' && playsLists(video));
    if (plain) {
      this.played = { by: 'file' };
      video.preload = this.preload;
      video.src = this.address;
    } else {
      video.removeAttribute('src');
    }
    video.load();
    if (!plain && this.played !== null && this.preload === 'auto') void this.begin();
  }

  // ── What a media element has ───────────────────────────────────────────────────────────────

  async play(): Promise<void> {
    const { played, turn } = this;
    if (played === null || played.by === 'file') return this.video.play();
    this.wanted.play = true;
    await this.begin();
    if (turn !== this.turn || this.failure !== null)
      throw new DOMException('Something else was loaded.', 'AbortError');
    return this.inner.play();
  }

  pause(): void {
    this.wanted.play = false;
    this.inner.pause();
  }

  get inFrame(): boolean {
    return this.played?.by === 'site';
  }
  get seekOnly(): boolean {
    return this.inFrame;
  }
  get error(): Medium['error'] {
    if (this.failure !== null) return this.failure;
    return this.played?.by === 'file' ? this.video.error : null;
  }
  get currentTime(): number {
    return this.inner.currentTime;
  }
  set currentTime(seconds: number) {
    if (this.ready) this.inner.currentTime = seconds;
    else this.wanted.seek = seconds;
  }
  get playbackRate(): number {
    return this.inner.playbackRate;
  }
  set playbackRate(rate: number) {
    this.inner.playbackRate = rate;
  }
  get volume(): number {
    return this.loud.volume;
  }
  set volume(volume: number) {
    this.loud.volume = volume;
    this.video.volume = volume;
    if (this.site !== null) this.site.volume = volume;
  }
  get muted(): boolean {
    return this.loud.muted;
  }
  set muted(muted: boolean) {
    this.loud.muted = muted;
    this.video.muted = muted;
    if (this.site !== null) this.site.muted = muted;
  }
  get paused(): boolean {
    return this.ready ? this.inner.paused : !this.wanted.play;
  }
  get ended(): boolean {
    return this.ready && this.inner.ended;
  }
  get seeking(): boolean {
    return this.ready && this.inner.seeking;
  }
  get readyState(): number {
    return this.ready ? this.inner.readyState : 0;
  }
  get duration(): number {
    return this.ready ? this.inner.duration : Number.NaN;
  }

  // ── The inside ─────────────────────────────────────────────────────────────────────────────

  private get inner(): Medium {
    return this.site ?? this.video;
  }

  /** Whether there is a player for what is loaded. */
  private get ready(): boolean {
    switch (this.played?.by) {
      case 'file':
        return true;
      case 'hls':
        return this.hls !== null;
      case 'site':
        return this.site !== null;
      case undefined:
        return false;
    }
  }

  private readonly hear = ({ type }: Event): void => {
    // What hls.js cannot mend it says itself; and an element beside a frame has nothing to say.
    if (this.played?.by === 'site' || (type === 'error' && this.played?.by !== 'file')) return;
    this.dispatchEvent(new Event(type));
  };

  /** Fetches the player that is needed, once, and hands it what it was told before it was there. */
  private begin(): Promise<void> {
    const { turn, played } = this;
    this.coming ??= (async () => {
      try {
        if (played?.by === 'hls') {
          const { attachHls } = await this.fetched.hls();
          if (turn !== this.turn) return;
          this.hls = attachHls(this.video, this.address, (code) => this.fail(turn, code));
          if (this.hls === null) this.fail(turn, MEDIA_ERR_SRC_NOT_SUPPORTED);
        } else if (played?.by === 'site') {
          const { openSite } = await this.fetched.site();
          if (turn !== this.turn) return;
          this.site = openSite(this.host, played, this.label, this.options.controls ?? false);
          this.listenTo(this.site, turn);
          this.site.volume = this.loud.volume;
          this.site.muted = this.loud.muted;
        }
        if (this.wanted.seek !== null) this.inner.currentTime = this.wanted.seek;
      } catch {
        this.fail(turn, MEDIA_ERR_NETWORK); // the script did not come
      }
    })();
    return this.coming;
  }

  private listenTo(site: SitePlayer, turn: number): void {
    for (const type of MEDIUM_EVENTS)
      site.addEventListener(type, () => this.dispatchEvent(new Event(type)));
    site.addEventListener('error', () =>
      this.fail(turn, site.error?.code ?? MEDIA_ERR_SRC_NOT_SUPPORTED),
    );
  }

  private fail(turn: number, code: number): void {
    if (turn !== this.turn) return;
    this.leave();
    // Who waits for it to play is told that it does not.
    this.video.removeAttribute('src');
    this.video.load();
    this.failure = { code };
    this.dispatchEvent(new Event('error'));
  }

  private leave(): void {
    this.hls?.detach();
    this.hls = null;
    this.site?.close();
    this.site = null;
    this.coming = null;
  }
}
