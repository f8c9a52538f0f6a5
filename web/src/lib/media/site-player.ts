import type { Played, Site } from './address';
import {
  HAVE_CURRENT_DATA,
  HAVE_ENOUGH_DATA,
  HAVE_FUTURE_DATA,
  HAVE_METADATA,
  MEDIA_ERR_SRC_NOT_SUPPORTED,
  type Medium,
} from './medium';
import { type News, readNews, type Talk, TALKS } from './site-talk';

/** A frame that was not there yet hears nothing: it is greeted until it answers … */
const GREET_EVERY_MS = 500;
/** … or for so long: then the site is not to be had from here. */
const GREET_FOR_MS = 10_000;
/** A start that shows nothing for so long was not allowed. */
const REFUSED_AFTER_MS = 8_000;
/** A seek has landed when the player is as close as this to where it was sent … */
const LANDED_S = 2;
/** … or after so long, wherever it is. */
const SEEK_FOR_MS = 5_000;

const NAMES: Readonly<Record<Site, string>> = { youtube: 'YouTube', vimeo: 'Vimeo' };

export interface SitePlayerOptions {
  /** Says something into the frame. */
  say: (message: object) => void;
  talk: Talk;
  /** Whoever watches may press the site's own keys; else it plays only when it is told to. */
  controls: boolean;
  now?: () => number;
}

/**
 * The player of another site behind the face of a media element. What it is asked before it can listen is said once it
 * can; between two of its messages the time goes on by this machine's clock.
 */
export class SitePlayer extends EventTarget implements Medium {
  readonly seekOnly = true;
  readonly inFrame = true;
  playbackRate = 1;
  src = '';
  preload: HTMLMediaElement['preload'] = 'auto';
  duration = Number.NaN;
  ended = false;
  error: Pick<MediaError, 'code'> | null = null;
  private listens = false;
  private state: News['state'] | null = null;
  private wantsToPlay = false;
  private told = { time: 0, atMs: 0 };
  private target: { time: number; untilMs: number } | null = null;
  private sound = { volume: 1, muted: false };
  private starting: { resolve: () => void; reject: (error: DOMException) => void } | null = null;
  private refusal: ReturnType<typeof setTimeout> | null = null;
  private readonly now: () => number;

  constructor(private readonly options: SitePlayerOptions) {
    super();
    this.now = options.now ?? (() => performance.now());
  }

  get answered(): boolean {
    return this.listens;
  }

  // ── What a media element has ───────────────────────────────────────────────────────────────

  get paused(): boolean {
    return !this.wantsToPlay;
  }
  get seeking(): boolean {
    return this.target !== null && this.now() < this.target.untilMs;
  }
  get readyState(): number {
    if (!this.listens || this.error !== null) return 0;
    if (this.state === 'playing') return HAVE_ENOUGH_DATA;
    if (this.state === 'waiting') return HAVE_CURRENT_DATA;
    // It can begin, as far as one can know from outside; once it was told to, it shows.
    return this.wantsToPlay && this.state !== 'ended' ? HAVE_METADATA : HAVE_FUTURE_DATA;
  }
  get currentTime(): number {
    if (this.target !== null && this.seeking) return this.target.time;
    const since = this.state === 'playing' ? (this.now() - this.told.atMs) / 1000 : 0;
    const time = this.told.time + since;
    return Number.isFinite(this.duration) ? Math.min(time, this.duration) : time;
  }
  set currentTime(seconds: number) {
    this.target = { time: seconds, untilMs: this.now() + SEEK_FOR_MS };
    this.told = { time: seconds, atMs: this.now() };
    this.ended = false;
    this.say(this.options.talk.seek(seconds));
  }
  get volume(): number {
    return this.sound.volume;
  }
  set volume(volume: number) {
    this.sound.volume = volume;
    this.say(this.options.talk.volume(volume));
  }
  get muted(): boolean {
    return this.sound.muted;
  }
  set muted(muted: boolean) {
    this.sound.muted = muted;
    this.say(this.options.talk.muted(muted));
  }

  play(): Promise<void> {
    this.wantsToPlay = true;
    this.ended = false;
    this.say(this.options.talk.play);
    if (this.state === 'playing') return Promise.resolve();
    this.starting?.reject(new DOMException('Asked again.', 'AbortError'));
    const started = new Promise<void>((resolve, reject) => {
      this.starting = { resolve, reject };
    });
    if (this.listens) this.expectAStart();
    return started;
  }

  pause(): void {
    this.wantsToPlay = false;
    this.say(this.options.talk.pause);
    this.settleStart(new DOMException('Paused.', 'AbortError'));
  }

  load(): void {
    // A frame is opened for one video and closed after it.
  }
  removeAttribute(): void {
    // Nor is it emptied.
  }
  /** Takes the frame away. */
  close(): void {
    this.settleStart(new DOMException('Closed.', 'AbortError'));
    this.closed?.();
  }
  /** Set by whoever opened the frame. */
  closed: (() => void) | null = null;

  // ── What the site says ─────────────────────────────────────────────────────────────────────

  hear(news: News): void {
    if (this.error !== null) return;
    if (news.failed === true) {
      this.fail();
      return;
    }
    if (news.duration !== undefined) this.duration = news.duration;
    if (news.time !== undefined) this.hearTime(news.time);
    if (news.ready === true && !this.listens) this.beginToTalk();
    if (news.refused === true) this.refuse();
    if (news.state !== undefined && news.state !== this.state) this.become(news.state);
  }

  fail(): void {
    this.error = { code: MEDIA_ERR_SRC_NOT_SUPPORTED };
    this.settleStart(new DOMException('It does not play.', 'AbortError'));
    this.tell('error');
  }

  private beginToTalk(): void {
    this.listens = true;
    const { talk } = this.options;
    this.say(talk.volume(this.sound.volume));
    this.say(talk.muted(this.sound.muted));
    if (this.target !== null) {
      this.target.untilMs = this.now() + SEEK_FOR_MS;
      this.say(talk.seek(this.target.time));
    }
    if (this.wantsToPlay) {
      this.say(talk.play);
      this.expectAStart();
    }
    this.tell('loadedmetadata');
    this.tell('loadeddata');
  }

  private hearTime(time: number): void {
    const { target } = this;
    if (target !== null) {
      const landed = Math.abs(time - target.time) < LANDED_S && this.state !== 'waiting';
      if (!landed && this.seeking) return; // it still speaks of where it was
      this.target = null;
      this.told = { time, atMs: this.now() };
      this.tell('seeked');
      return;
    }
    this.told = { time, atMs: this.now() };
  }

  private become(state: NonNullable<News['state']>): void {
    const time = this.currentTime;
    this.state = state;
    this.told = { time, atMs: this.now() };
    switch (state) {
      case 'playing':
        if (!this.wantsToPlay && !this.options.controls) {
          this.say(this.options.talk.pause); // some begin when they are only told where
          return;
        }
        this.wantsToPlay = true;
        this.settleStart(null);
        this.tell('playing');
        break;
      case 'waiting':
        this.cancelRefusal();
        this.tell('waiting');
        break;
      case 'paused':
        this.wantsToPlay = false;
        this.tell('pause');
        break;
      case 'ended':
        this.wantsToPlay = false;
        this.ended = true;
        this.tell('ended');
        break;
    }
  }

  // ── The start ──────────────────────────────────────────────────────────────────────────────

  private expectAStart(): void {
    this.cancelRefusal();
    this.refusal = setTimeout(() => this.refuse(), REFUSED_AFTER_MS);
  }

  private refuse(): void {
    if (this.starting === null) return;
    this.wantsToPlay = false;
    this.settleStart(new DOMException('The browser wants a tap first.', 'NotAllowedError'));
  }

  private settleStart(error: DOMException | null): void {
    this.cancelRefusal();
    const { starting } = this;
    this.starting = null;
    if (error === null) starting?.resolve();
    else starting?.reject(error);
  }

  private cancelRefusal(): void {
    if (this.refusal !== null) clearTimeout(this.refusal);
    this.refusal = null;
  }

  private say(message: object): void {
    if (this.listens) this.options.say(message);
  }

  private tell(type: string): void {
    this.dispatchEvent(new Event(type));
  }
}

/** Opens the site's frame in `host`, and speaks with it. */
export function openSite(
  host: HTMLElement,
  played: Extract<Played, { by: 'site' }>,
  label: string,
  controls: boolean,
): SitePlayer {
  const talk = TALKS[played.site];
  const frame = document.createElement('iframe');
  frame.src = talk.address(played, window.location.origin, controls);
  frame.title = `${NAMES[played.site]}: ${label}`;
  frame.allow = 'autoplay; encrypted-media; fullscreen; picture-in-picture';
  // Its keys are the station's own: what cannot be pressed is not walked through either.
  if (!controls) frame.tabIndex = -1;

  const post = (message: object): void =>
    frame.contentWindow?.postMessage(JSON.stringify(message), talk.origin);
  const player = new SitePlayer({ say: post, talk, controls });
  const hear = ({ source, origin, data }: MessageEvent): void => {
    if (origin !== talk.origin || source !== frame.contentWindow) return;
    const news = readNews(talk, data);
    if (news !== null) player.hear(news);
  };
  let asked = 0;
  let greeter: ReturnType<typeof setInterval> | null = null;
  const greet = (): void => {
    if (player.answered || asked * GREET_EVERY_MS >= GREET_FOR_MS) {
      if (greeter !== null) clearInterval(greeter);
      if (!player.answered) player.fail();
      return;
    }
    asked += 1;
    talk.greetings.forEach(post);
  };
  // Before it is there, the frame is a page of nobody, and a message to the site does not reach it.
  frame.addEventListener('load', () => {
    greet();
    greeter ??= setInterval(greet, GREET_EVERY_MS);
  });
  window.addEventListener('message', hear);
  player.closed = () => {
    if (greeter !== null) clearInterval(greeter);
    window.removeEventListener('message', hear);
    frame.remove();
  };
  host.append(frame);
  return player;
}
