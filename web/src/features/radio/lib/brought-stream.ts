import type { QueryClient } from '@tanstack/react-query';
import type { ServerClock } from '@/lib/server-clock';
import { radioStreamOptions, radioStreamSchema } from '../api/get-radio-stream';

/** The element of the page in which the station puts its state (see src/api/pages.cc). */
const ID = 'on-air';

const ASK_AFTER_MS = 600;

/** When the page came, on the clock of `performance.now()`; null when a cache brought it, and what it says is old. */
function cameAt(): number | null {
  const [page] = performance.getEntriesByType('navigation');
  const fresh = page instanceof PerformanceNavigationTiming && page.transferSize > 0;
  return fresh ? page.responseStart : null;
}

/**
 * Begins with the state that came with the page: the first screen is whole without a question. It is everybody's, so the
 * station is asked all the same, in the listener's name, once that screen is there.
 */
export function beginWithBrought(client: QueryClient, clock: ServerClock, came = cameAt()): void {
  const text = document.getElementById(ID)?.textContent;
  if (text === undefined || came === null) return;
  let answer: { data?: unknown };
  try {
    answer = JSON.parse(text) as { data?: unknown };
  } catch {
    return; // the question will tell
  }
  const stream = radioStreamSchema.safeParse(answer.data);
  if (!stream.success) return;
  clock.guess(stream.data.serverTime, came);
  const options = radioStreamOptions();
  client.setQueryData(options.queryKey, stream.data);
  setTimeout(() => {
    // Who shows the stream hears how it went.
    client.fetchQuery({ ...options, staleTime: 0 }).catch(() => undefined);
  }, ASK_AFTER_MS);
}
