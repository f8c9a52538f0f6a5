import { useEffect } from 'react';

/** Keeps the screen lit while something is shown on all of it. */
export function useWakeLock(): void {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return undefined;
    let lock: WakeLockSentinel | null = null;
    let asked = 0;
    const look = (): void => {
      asked += 1;
      const turn = asked;
      void lock?.release().catch(() => undefined);
      lock = null;
      // The system takes the lock from a page that is not seen; it is asked for again.
      if (document.fullscreenElement == null || document.visibilityState !== 'visible') return;
      navigator.wakeLock.request('screen').then(
        (got) => {
          if (turn === asked) lock = got;
          else void got.release().catch(() => undefined);
        },
        () => undefined, // an empty battery, say: then the screen goes dark, as it always does
      );
    };
    document.addEventListener('fullscreenchange', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('fullscreenchange', look);
      document.removeEventListener('visibilitychange', look);
      asked += 1;
      void lock?.release().catch(() => undefined);
    };
  }, []);
}
