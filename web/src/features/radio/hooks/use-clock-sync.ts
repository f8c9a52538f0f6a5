import { useEffect } from 'react';
import { pageBudget } from '@/lib/request-budget';
import { SAMPLES, type ServerClock } from '@/lib/server-clock';
import { getServerEpochMs } from '../api/get-time';

/** How often it is looked whether this machine has slept. */
const WATCH_MS = 5_000;
/** The crystals of two machines part by some 20 parts in a million: an hour is 72 ms, most of what goes unheard. */
const RENEW_MS = 60 * 60_000;
const RETRY_MS = 10_000;

/** Measures the station's clock: at the start, after sleep, after a change of network, and now and then. */
export function useClockSync(clock: ServerClock): void {
  useEffect(() => {
    let measuring = false;
    let measuredAt = -Infinity;
    let failedAt = -Infinity;
    let stopped = false;
    const measure = async (): Promise<void> => {
      if (measuring || stopped) return;
      measuring = true;
      try {
        for (let i = 0; i < SAMPLES; i += 1) pageBudget.spend();
        await clock.measure(getServerEpochMs);
        measuredAt = performance.now();
      } catch {
        failedAt = performance.now(); // the stream's own failure tells the listener; this one only tries again
      } finally {
        measuring = false;
      }
    };
    const watch = (): void => {
      const now = performance.now();
      const stale = !clock.measured || clock.suspect || now - measuredAt > RENEW_MS;
      if (stale && now - failedAt > RETRY_MS) void measure();
    };
    const changed = (): void => void measure();
    void measure();
    const timer = setInterval(watch, WATCH_MS);
    window.addEventListener('online', changed);
    document.addEventListener('visibilitychange', watch);
    const network = (navigator as { connection?: EventTarget }).connection;
    network?.addEventListener('change', changed);
    return () => {
      stopped = true;
      clearInterval(timer);
      window.removeEventListener('online', changed);
      document.removeEventListener('visibilitychange', watch);
      network?.removeEventListener('change', changed);
    };
  }, [clock]);
}
