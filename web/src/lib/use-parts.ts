import { startTransition, useEffect, useState } from 'react';

/** A machine that is never idle is not waited for longer than this. */
const LONGEST_WAIT_MS = 120;

/** Runs when what is there has been painted and nothing waits for the machine. Returns what calls it off. */
export function whenFree(run: () => void, longestMs = LONGEST_WAIT_MS): () => void {
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(run);
    return () => clearTimeout(timer);
  }
  const asked = requestIdleCallback(run, { timeout: longestMs });
  return () => cancelIdleCallback(asked);
}

/**
 * How many of a page's parts may be there: one at first, then one more whenever the machine is free, so that no part keeps a
 * tap waiting for the others.
 */
export function useParts(all: number): number {
  const [parts, setParts] = useState(1);
  useEffect(
    () =>
      parts >= all
        ? undefined
        : whenFree(() => startTransition(() => setParts((before) => before + 1))),
    [parts, all],
  );
  return parts;
}
