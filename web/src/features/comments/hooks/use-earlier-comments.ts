import { useEffect } from 'react';
import { extrasBudget } from '@/lib/request-budget';

/** Everybody's song changes in the same instant; what was said before about it is fetched over so long. */
const SPREAD_MS = 5_000;

/** Fetches what was said before, when somebody looks and the budget of the page allows. */
export function useEarlierComments(wanted: boolean, fetch: () => unknown): void {
  useEffect(() => {
    if (!wanted) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const look = (): void => {
      const waitMs = extrasBudget.waitMs();
      if (waitMs === 0 && document.visibilityState === 'visible') {
        extrasBudget.spend();
        fetch();
      } else {
        timer = setTimeout(look, Math.max(SPREAD_MS, waitMs));
      }
    };
    timer = setTimeout(look, Math.random() * SPREAD_MS);
    return () => clearTimeout(timer);
  }, [wanted, fetch]);
}
