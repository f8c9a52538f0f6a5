import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import {
  type Browser,
  type BrowserServer,
  chromium,
  expect,
  type Page,
  test,
} from '@playwright/test';
import { chromiumPath } from '../playwright.config';
import {
  changedAfter,
  changesIn,
  driftsOf,
  percentile,
  rowOf,
  type Sample,
  samplesOf,
  TABLE_HEAD,
  watch,
} from './support/drift';
import { startStation, type Station } from './support/station';
import { onAir } from './support/test';

/** The full run is POPRADIO_DRIFT_SECONDS=300. */
const SECONDS = Number(process.env.POPRADIO_DRIFT_SECONDS ?? 90);
/** Every run hears three changes or more, and none is made of changes alone. */
const SONG_SECONDS = Math.max(30, SECONDS / 5);
const IN_STEP_MS = 100;
/** The first seconds after joining: a medium that was never asked for has to come first. */
const TUNING_MS = 6_000;
const SLEEP_MS = 10_000;
/** A suspended window may take so long to be back. It is not excused for more. */
const WAKE_MS = 2_000;

/** All processes below one, itself included. */
function family(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    } catch {
      // It has ended meanwhile.
    }
  }
  const all = [pid];
  for (const one of all) all.push(...(children.get(one) ?? []));
  return all;
}
const signal = (name: 'STOP' | 'CONT', pids: readonly number[]): void => {
  execFileSync('kill', [`-${name}`, ...pids.map(String)]);
};

interface Other {
  name: string;
  /** Before it opens the page. */
  prepare?: (page: Page) => Promise<unknown>;
  sleeps?: boolean;
}

const OTHERS: readonly Other[] = [
  { name: 'like the first' },
  {
    name: 'throttled',
    prepare: async (page) => {
      const devtools = await page.context().newCDPSession(page);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: 3 });
      await devtools.send('Network.enable');
      await devtools.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 120,
        downloadThroughput: 500_000,
        uploadThroughput: 100_000,
      });
    },
  },
  { name: 'suspended for 10 s', sleeps: true },
  {
    name: 'clock wrong by 40 s',
    prepare: (page) =>
      page.addInitScript(() => {
        const wrongMs = 40_000;
        const RightDate = Date;
        window.Date = class extends RightDate {
          constructor(...given: unknown[]) {
            if (given.length === 0) super(RightDate.now() + wrongMs);
            // @ts-expect-error whatever the page gives, the real one gets
            else super(...given);
          }
          static override now = (): number => RightDate.now() + wrongMs;
        } as DateConstructor;
      }),
  },
];

// A window each, in browsers of their own, on a station of its own. One machine plays both: once is enough.
// A trace takes pictures of both all the time, and the drift would be the recorder's.
test.use({ trace: 'off', screenshot: 'off', video: 'off' });
test.skip(({ viewport }) => viewport?.width !== 1280, 'the size of the window makes no difference');

async function open(browser: Browser, station: Station, prepare: Other['prepare']): Promise<Page> {
  const page = await browser.newPage({
    baseURL: station.url,
    viewport: { width: 800, height: 600 },
  });
  await watch(page);
  await prepare?.(page);
  await page.goto('/');
  await page.getByRole('button', { name: 'Tap to join' }).click();
  await expect(onAir(page)).toBeVisible();
  return page;
}

for (const other of OTHERS) {
  test(`two windows stay in step: the other ${other.name}`, async () => {
    test.setTimeout((SECONDS + 90) * 1000);
    const args = ['--no-sandbox', '--disable-gpu'];
    const station = await startStation({ songSeconds: SONG_SECONDS });
    const servers: BrowserServer[] = [];
    const launch = async (): Promise<Browser> => {
      const server = await chromium.launchServer({ executablePath: chromiumPath, args });
      servers.push(server);
      return chromium.connect(server.wsEndpoint());
    };
    try {
      const first = await open(await launch(), station, undefined);
      const second = await open(await launch(), station, other.prepare);
      await first.waitForTimeout(TUNING_MS);
      await Promise.all([samplesOf(first), samplesOf(second)]);
      const begun = Date.now();
      const left = (): number => begun + SECONDS * 1000 - Date.now();
      let wokeAt = -Infinity;

      await first.waitForTimeout(Math.min(15_000, left() / 4));
      if (other.sleeps === true) {
        const asleep = family(servers[1]?.process().pid ?? 0);
        signal('STOP', asleep);
        await new Promise((resolve) => setTimeout(resolve, SLEEP_MS));
        signal('CONT', asleep);
        wokeAt = Date.now();
      }
      await first.waitForTimeout(left() / 3);
      const skipped = first.waitForResponse((response) => response.url().endsWith('/radio/next'));
      await first.getByRole('button', { name: 'Skip' }).click();
      const answered = (await skipped).request().timing();
      const skippedAt = answered.startTime + answered.responseStart;
      const skip = (await (await skipped).json()) as { data: { skipped: boolean } };
      expect(skip.data.skipped, 'one of two is half').toBe(true);
      await first.waitForTimeout(Math.max(0, left()));

      const [one, two] = await Promise.all([samplesOf(first), samplesOf(second)]);
      const waking = ({ t }: Sample): boolean => t > wokeAt - SLEEP_MS && t < wokeAt + WAKE_MS;
      const drifts = driftsOf(
        one.filter((sample) => !waking(sample)),
        two,
      );
      const changes = changesIn(one);
      // eslint-disable-next-line no-console -- this table is what the test is for
      console.log(`${TABLE_HEAD}\n${rowOf(other.name, drifts, changes)}`);
      const [mine, theirs] = [changedAfter(one, skippedAt), changedAfter(two, skippedAt)];
      // eslint-disable-next-line no-console -- see above
      console.log(`the skip was on air after ${mine.toFixed(0)} and ${theirs.toFixed(0)} ms`);
      expect(
        drifts.length,
        'samples: with fewer, the machine was too busy to tell',
      ).toBeGreaterThan((SECONDS - 15) * 5);
      expect(changes, 'changes of song, the skip among them').toBeGreaterThanOrEqual(
        Math.min(4, Math.floor(SECONDS / SONG_SECONDS)),
      );
      expect(percentile(drifts, 0.95)).toBeLessThan(IN_STEP_MS);
    } finally {
      for (const server of servers) await server.close();
      await station.stop();
    }
  });
}
