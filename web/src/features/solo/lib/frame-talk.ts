import type { SoloSource } from './solo-source';

/** What a frame says about its video. */
export type FrameNews = 'playing' | 'paused' | 'ended' | 'failed';

const ORIGINS = {
  youtube: 'https://www.youtube-nocookie.com',
  vimeo: 'https://player.vimeo.com',
} as const;
type Site = Exclude<SoloSource['kind'], 'file'>;

export const originOf = (site: Site): string => ORIGINS[site];

/** What to post into the frame, so that it tells how it goes. No script of the site runs on the station's page. */
export function greetings(site: Site): string[] {
  return site === 'youtube'
    ? [JSON.stringify({ event: 'listening', id: 1 })]
    : ['play', 'pause', 'ended', 'error'].map((value) =>
        JSON.stringify({ method: 'addEventListener', value }),
      );
}

const YOUTUBE_STATES: Partial<Record<number, FrameNews>> = {
  0: 'ended',
  1: 'playing',
  2: 'paused',
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Reads a message of a frame; null for what says nothing new. */
export function readNews(site: Site, data: unknown): FrameNews | null {
  let message: unknown = data;
  try {
    if (typeof data === 'string') message = JSON.parse(data);
  } catch {
    return null;
  }
  if (!isRecord(message)) return null;
  const { event, info } = message;
  if (site === 'vimeo') {
    if (event === 'play') return 'playing';
    if (event === 'pause') return 'paused';
    if (event === 'ended') return 'ended';
    return event === 'error' ? 'failed' : null;
  }
  if (event === 'onError') return 'failed';
  if (event === 'infoDelivery' || event === 'initialDelivery') {
    const state = isRecord(info) ? info.playerState : undefined;
    return typeof state === 'number' ? (YOUTUBE_STATES[state] ?? null) : null;
  }
  return null;
}
