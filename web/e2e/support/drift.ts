import type { Page } from '@playwright/test';

/** What a window plays at one moment. */
export interface Sample {
  /** The machine's own time, milliseconds: not what the page believes. */
  t: number;
  /** The medium on air; empty when none plays. */
  src: string;
  /** Its place, milliseconds. */
  at: number;
}

const EVERY_MS = 100;
/** Samples of two windows that are further apart say nothing about each other. */
const PAIR_MS = 150;

declare global {
  interface Window {
    heardSamples?: Sample[];
  }
}

/** Lets a window write down, ten times a second, what it plays. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript((every) => {
    const samples: Sample[] = [];
    window.heardSamples = samples;
    setInterval(() => {
      const video = document.querySelector<HTMLVideoElement>('video[data-onair="true"]');
      samples.push({
        t: performance.timeOrigin + performance.now(),
        src: video === null || video.paused ? '' : video.src,
        at: (video?.currentTime ?? 0) * 1000,
      });
    }, every);
  }, EVERY_MS);
}

/** What was written down since the last call. */
export const samplesOf = (page: Page): Promise<Sample[]> =>
  page.evaluate(() => window.heardSamples?.splice(0) ?? []);

/** How far two windows were from each other, milliseconds, for every moment at which both were awake. */
export function driftsOf(one: readonly Sample[], other: readonly Sample[]): number[] {
  const drifts: number[] = [];
  let from = 0;
  for (const a of one) {
    while (from + 1 < other.length && (other[from + 1]?.t ?? Infinity) <= a.t) from += 1;
    const b = [other[from], other[from + 1]]
      .filter((sample) => sample !== undefined)
      .sort((x, y) => Math.abs(x.t - a.t) - Math.abs(y.t - a.t))[0];
    if (b === undefined || Math.abs(b.t - a.t) > PAIR_MS) continue;
    // Another song, or silence in one of the two, is as far apart as can be.
    const together = a.src === b.src;
    drifts.push(together ? Math.abs(a.at - a.t - (b.at - b.t)) : Infinity);
  }
  return drifts;
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** How many changes of song a window went through. */
export function changesIn(samples: readonly Sample[]): number {
  const heard = samples.map(({ src }) => src).filter((src) => src !== '');
  return heard.filter((src, i) => i > 0 && src !== heard[i - 1]).length;
}

/** How long after a moment a window played something else, milliseconds; to the accuracy of the samples. */
export function changedAfter(samples: readonly Sample[], moment: number): number {
  const before = samples.findLast(({ t }) => t <= moment)?.src;
  const then = samples.find(({ t, src }) => t > moment && src !== '' && src !== before);
  return then === undefined ? Infinity : then.t - moment;
}

const shown = (ms: number): string => (Number.isFinite(ms) ? ms.toFixed(0) : 'apart').padStart(6);

/** One line of the table of `docs/benchmarks.md`. */
export const rowOf = (name: string, drifts: readonly number[], changes: number): string =>
  `| ${name.padEnd(24)} | ${String(drifts.length).padStart(7)} | ${String(changes).padStart(7)} | ${[
    0.5, 0.75, 0.9, 0.95, 0.99, 1,
  ]
    .map((part) => shown(percentile(drifts, part)))
    .join(' | ')} |`;

export const TABLE_HEAD = `| the other window${' '.repeat(9)}| samples | changes |    p50 |    p75 |    p90 |    p95 |    p99 |    max |
| --- | --: | --: | --: | --: | --: | --: | --: | --: |`;
