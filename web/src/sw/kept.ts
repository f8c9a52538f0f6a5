/** What the service worker keeps: rules without a worker around them. */

/** Covers, by their address; it changes when the picture does. */
export const ART_CACHE = 'popradio-art';

/** The addresses that the app itself answers. Everything else (the API and its page, media, feeds) is none of ours. */
const PAGES = /^\/(?:(?:songs|playlists)(?:\/[^/]+)?|history|about|mine|offline)?\/?$/;

export const isPage = (pathname: string): boolean => PAGES.test(pathname);

/** A picture of the station's own. Those of other sites are theirs to keep, and nobody can tell how large they are. */
export const isArt = (destination: string, url: URL, origin: string): boolean =>
  destination === 'image' && url.origin === origin && /^\/(?:api|v1)\/media\//.test(url.pathname);
