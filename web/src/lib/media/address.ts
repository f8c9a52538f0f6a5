/** Which player an address is for. */
export type Played =
  | { by: 'file' }
  /** A list of segments. Some browsers play it as they play a file. */
  | { by: 'hls' }
  /** A video on another site, which is shown in a frame of that site. */
  | { by: 'site'; site: Site; id: string; key?: string };
export type Site = 'youtube' | 'vimeo';

const YOUTUBE =
  /^https?:\/\/(?:www\.|m\.|music\.)?(?:youtube(?:-nocookie)?\.com\/(?:watch\?(?:[^#]*&)?v=|embed\/|shorts\/|live\/)|youtu\.be\/)([\w-]{11})/i;
/** A video that is listed nowhere carries a second part: it is its key. */
const VIMEO =
  /^https?:\/\/(?:www\.|player\.)?vimeo\.com\/(?:video\/)?(\d+)(?:\/(\w+)|[^#]*[?&]h=(\w+))?/i;
/** Pages of those sites that are no video: a media element cannot open them either. */
const OTHER_PAGE =
  /^https?:\/\/(?:www\.|m\.|music\.|player\.)?(?:youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com)\//i;
const HLS = /^[^?#]*\.m3u8(?:[?#]|$)/i;

/** Null for what nothing here can play. */
export function playedBy(address: string): Played | null {
  if (address === '') return null;
  const youtube = YOUTUBE.exec(address)?.[1];
  if (youtube !== undefined) return { by: 'site', site: 'youtube', id: youtube };
  const [, vimeo, inPath, inQuery] = VIMEO.exec(address) ?? [];
  const key = inPath ?? inQuery;
  if (vimeo !== undefined)
    return { by: 'site', site: 'vimeo', id: vimeo, ...(key === undefined ? {} : { key }) };
  if (OTHER_PAGE.test(address)) return null;
  return { by: HLS.test(address) ? 'hls' : 'file' };
}
