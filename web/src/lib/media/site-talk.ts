import type { Played, Site } from './address';

/** What a site's player says about its video. */
export interface News {
  /** It takes commands from now on. */
  ready?: true;
  state?: 'playing' | 'waiting' | 'paused' | 'ended';
  /** Seconds. */
  time?: number;
  duration?: number;
  /** The browser did not let it start. */
  refused?: true;
  /** It does not play: gone, private, or not to be shown on other sites. */
  failed?: true;
}

/** How one speaks with the player of a site: by messages into its frame. None of its scripts runs on the station's page. */
export interface Talk {
  origin: string;
  address: (played: Extract<Played, { by: 'site' }>, here: string, controls: boolean) => string;
  /** Said until it answers. */
  greetings: readonly object[];
  play: object;
  pause: object;
  seek: (seconds: number) => object;
  volume: (volume: number) => object;
  muted: (muted: boolean) => object;
  /** What a message says; null for what says nothing new. */
  read: (message: Readonly<Record<string, unknown>>) => News | null;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isSeconds = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

// ── YouTube: what its own iframe_api script says to the frame ────────────────────────────────

const command = (func: string, ...args: unknown[]): object => ({
  event: 'command',
  func,
  args,
  id: 1,
  channel: 'widget',
});

const YOUTUBE_STATES: Partial<Record<number, News['state']>> = {
  0: 'ended',
  1: 'playing',
  2: 'paused',
  3: 'waiting',
};

const youtube: Talk = {
  // This one sets no cookie before somebody plays.
  origin: 'https://www.youtube-nocookie.com',
  address: ({ id }, here, controls) => {
    const query = new URLSearchParams({
      enablejsapi: '1',
      origin: here,
      playsinline: '1',
      rel: '0',
      iv_load_policy: '3',
      ...(controls ? {} : { controls: '0', disablekb: '1', fs: '0' }),
    });
    return `https://www.youtube-nocookie.com/embed/${id}?${query.toString()}`;
  },
  greetings: [{ event: 'listening', id: 1, channel: 'widget' }],
  play: command('playVideo'),
  pause: command('pauseVideo'),
  seek: (seconds) => command('seekTo', seconds, true),
  volume: (volume) => command('setVolume', Math.round(volume * 100)),
  muted: (muted) => command(muted ? 'mute' : 'unMute'),
  read: ({ event, info }) => {
    if (event === 'onError') return { failed: true };
    if (event === 'onAutoplayBlocked') return { refused: true };
    if (event === 'onReady') return { ready: true };
    if (event !== 'infoDelivery' && event !== 'initialDelivery') return null;
    if (!isRecord(info)) return null;
    const news: News = event === 'initialDelivery' ? { ready: true } : {};
    const state = typeof info.playerState === 'number' ? YOUTUBE_STATES[info.playerState] : null;
    if (state != null) news.state = state;
    if (isSeconds(info.currentTime)) news.time = info.currentTime;
    if (isSeconds(info.duration) && info.duration > 0) news.duration = info.duration;
    return news;
  },
};

// ── Vimeo: the messages of its player.js ─────────────────────────────────────────────────────

const VIMEO_STATES: Partial<Record<string, News['state']>> = {
  playing: 'playing',
  bufferstart: 'waiting',
  pause: 'paused',
  ended: 'ended',
};
const VIMEO_EVENTS = ['timeupdate', 'seeked', 'error', ...Object.keys(VIMEO_STATES)];
/** An error that concerns one command alone names it; these concern the video whatever was asked. */
const VIMEO_FATAL = new Set(['NotFoundError', 'PasswordError', 'PrivacyError', 'UnsupportedError']);

const vimeo: Talk = {
  origin: 'https://player.vimeo.com',
  address: ({ id, key }, _, controls) => {
    const query = new URLSearchParams({
      dnt: '1', // nobody is followed
      playsinline: '1',
      autopause: '0', // the next song is made ready beside the one that plays
      ...(key === undefined ? {} : { h: key }),
      ...(controls ? {} : { controls: '0', keyboard: '0' }),
    });
    return `https://player.vimeo.com/video/${id}?${query.toString()}`;
  },
  greetings: [
    ...VIMEO_EVENTS.map((value) => ({ method: 'addEventListener', value })),
    { method: 'getDuration' },
  ],
  play: { method: 'play' },
  pause: { method: 'pause' },
  seek: (seconds) => ({ method: 'setCurrentTime', value: seconds }),
  volume: (volume) => ({ method: 'setVolume', value: volume }),
  muted: (muted) => ({ method: 'setMuted', value: muted }),
  read: ({ event, method, value, data }) => {
    if (method === 'getDuration' && isSeconds(value) && value > 0)
      return { ready: true, duration: value };
    if (typeof event !== 'string') return null;
    if (event === 'ready') return { ready: true };
    const told = isRecord(data) ? data : {};
    if (event === 'error') {
      const name = typeof told.name === 'string' ? told.name : '';
      if (name === 'NotAllowedError') return { refused: true };
      return told.method === undefined || VIMEO_FATAL.has(name) ? { failed: true } : null;
    }
    const news: News = {};
    const state = VIMEO_STATES[event];
    if (state !== undefined) news.state = state;
    if (isSeconds(told.seconds)) news.time = told.seconds;
    if (isSeconds(told.duration) && told.duration > 0) news.duration = told.duration;
    return Object.keys(news).length === 0 ? null : news;
  },
};

export const TALKS: Readonly<Record<Site, Talk>> = { youtube, vimeo };

/** Reads what came from a frame, whatever it is. */
export function readNews(talk: Talk, data: unknown): News | null {
  let message = data;
  try {
    if (typeof data === 'string') message = JSON.parse(data);
  } catch {
    return null;
  }
  return isRecord(message) ? talk.read(message) : null;
}
