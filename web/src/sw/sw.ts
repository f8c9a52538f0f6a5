import { ExpirationPlugin } from 'workbox-expiration';
import {
  cleanupOutdatedCaches,
  matchPrecache,
  precacheAndRoute,
  type PrecacheEntry,
} from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';
import { ART_CACHE, isArt, isPage } from './kept';

/**
 * The service worker: keeps the shell and the art, and nothing else. What the station answers is never kept, because it is
 * true for a moment only; media are not either, because a station would fill any disk.
 */
declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] };

/** A page that takes longer than this is shown from what is kept. */
const PATIENCE_MS = 4_000;
/** About 20 MB of covers. */
const MOST_ART = 400;
const ART_DAYS = 60;

precacheAndRoute(self.__WB_MANIFEST, {
  // Only what was asked for by its own name: "/" is a page, and pages come from the station while it can be reached.
  directoryIndex: '',
  cleanURLs: false,
});
cleanupOutdatedCaches();

/**
 * The station's own page first, so that nobody sees yesterday's shell after a release; the kept one when the station does
 * not answer in time or answers for a proxy that misses it.
 */
async function page({ request, event }: { request: Request; event: ExtendableEvent }) {
  const preloaded =
    event instanceof FetchEvent
      ? (event.preloadResponse as Promise<Response | undefined>)
      : Promise.resolve(undefined);
  const fresh = preloaded.then((response) => response ?? fetch(request));
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('the station takes its time')), PATIENCE_MS);
  });
  try {
    const response = await Promise.race([fresh, late]);
    if (response.status < 500) return response;
  } catch {
    // Not in time, or nobody there.
  }
  return (await matchPrecache('/index.html')) ?? fresh;
}
registerRoute(({ request, url }) => request.mode === 'navigate' && isPage(url.pathname), page);

registerRoute(
  ({ request, url }) => isArt(request.destination, url, self.location.origin),
  new CacheFirst({
    cacheName: ART_CACHE,
    plugins: [
      new ExpirationPlugin({
        maxEntries: MOST_ART,
        maxAgeSeconds: ART_DAYS * 24 * 3600,
        purgeOnQuotaError: true,
      }),
    ],
  }),
);

self.addEventListener('activate', (event) => {
  event.waitUntil(self.registration.navigationPreload?.enable());
});

// A new release waits until the listener says so: nobody's song stops for it.
self.addEventListener('message', (event) => {
  if ((event.data as { type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});
