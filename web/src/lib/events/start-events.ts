import { session } from '../api/client';
import { pageBudget } from '../request-budget';
import { SESSION_HEADER } from '../session';
import { EventStream } from './event-stream';
import { SharedEvents } from './shared-events';

/** The events of this page's station. */
export const makeStationEvents = (): SharedEvents =>
  new SharedEvents({
    makeStream: (options) =>
      new EventStream({
        ...options,
        onTry: () => pageBudget.spend(),
        headers: () => ({ [SESSION_HEADER]: session.id }),
        onAnswer: (headers) => session.adopt(headers.get(SESSION_HEADER)),
      }),
    // The types promise locks; a page without TLS has none.
    locks: navigator.locks ?? null,
    openChannel:
      typeof BroadcastChannel === 'undefined' ? null : (name) => new BroadcastChannel(name),
    onBroken: (error) => reportError(error),
  });

/** Listens for as long as the page is there. Returns what ends it. */
export function keepListening(events: SharedEvents): () => void {
  let stop = events.start();
  const wake = (): void => {
    if (document.visibilityState === 'visible') events.wake();
  };
  const changed = (): void => events.networkChanged();
  const network = (navigator as { connection?: EventTarget }).connection;
  const leave = (): void => stop();
  // A page that comes back out of the browser's drawer begins again.
  const back = (event: PageTransitionEvent): void => {
    if (event.persisted) stop = events.start();
  };
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('focus', wake);
  window.addEventListener('online', changed);
  network?.addEventListener('change', changed);
  window.addEventListener('pagehide', leave);
  window.addEventListener('pageshow', back);
  return () => {
    document.removeEventListener('visibilitychange', wake);
    window.removeEventListener('focus', wake);
    window.removeEventListener('online', changed);
    network?.removeEventListener('change', changed);
    window.removeEventListener('pagehide', leave);
    window.removeEventListener('pageshow', back);
    stop();
  };
}
