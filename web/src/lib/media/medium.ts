/**
 * What the clock drives: the part of a media element that it needs. A `<video>` is one; so are the players of other
 * sites, and `MediaPlayer`, which plays any address by whatever it takes.
 */
export interface Medium extends Pick<
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
  | 'play'
  | 'pause'
  | 'load'
  | 'removeAttribute'
> {
  readonly error: Pick<MediaError, 'code'> | null;
  /** It cannot go a hundredth faster or slower: all that helps is a seek. */
  readonly seekOnly?: boolean;
  /** It plays in the frame of another site. */
  readonly inFrame?: boolean;
  /** What a screen reader calls it, where it is a frame. */
  label?: string;
  addEventListener: (type: string, listener: () => void) => void;
  removeEventListener: (type: string, listener: () => void) => void;
}

/** How much a medium has, in the numbers of the standard. */
export const HAVE_METADATA = 1;
export const HAVE_CURRENT_DATA = 2;
export const HAVE_FUTURE_DATA = 3;
export const HAVE_ENOUGH_DATA = 4;

/** Why a medium failed, in the numbers of the standard. */
export const MEDIA_ERR_NETWORK = 2;
export const MEDIA_ERR_DECODE = 3;
export const MEDIA_ERR_SRC_NOT_SUPPORTED = 4;

/** What a medium tells. */
export const MEDIUM_EVENTS = [
  'loadedmetadata',
  'loadeddata',
  'play',
  'playing',
  'waiting',
  'seeked',
  'pause',
  'ended',
] as const;

/** The browser lets nothing play, or nothing with sound, without a tap. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'NotAllowedError';
