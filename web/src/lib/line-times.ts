/** When a question left and when its answer began to come, on the clock of `performance.now()`. */
export interface LineTimes {
  sentAt: number;
  receivedAt: number;
}

/** What notes the times of questions. */
export interface LineWatch {
  /** Of the latest question that lies between these two moments; null when the browser has noted none. */
  between: (from: number, to: number) => LineTimes | null;
  stop: () => void;
}

/**
 * Watches the questions at one address through the browser's own notes. A page that is busy hears of an answer late; its browser
 * saw it come in time.
 * @param path how the address ends, without its query.
 */
export function watchLine(path: string): LineWatch {
  const noted: LineTimes[] = [];
  const note = (entries: readonly PerformanceEntry[]): void => {
    for (const entry of entries) {
      if (!(entry instanceof PerformanceResourceTiming) || !entry.name.endsWith(path)) continue;
      // Zero where the browser keeps it to itself.
      if (entry.requestStart > 0 && entry.responseStart > 0)
        noted.push({ sentAt: entry.requestStart, receivedAt: entry.responseStart });
    }
  };
  if (
    typeof PerformanceObserver === 'undefined' ||
    typeof PerformanceResourceTiming === 'undefined'
  )
    return { between: () => null, stop: () => undefined };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: 'resource' });
  return {
    between: (from, to) => {
      note(observer.takeRecords());
      return (
        noted.findLast(
          ({ sentAt, receivedAt }) => sentAt >= from && sentAt <= receivedAt && receivedAt <= to,
        ) ?? null
      );
    },
    stop: () => observer.disconnect(),
  };
}
