import { expect, test as base, type Page } from '@playwright/test';
import { outsideStation, startStation, type Station } from './station';

interface Stationed {
  /** How long its songs last, if not as long as they are. A file that wants it says `test.use`. */
  songSeconds: number | undefined;
  /** The station of this worker. */
  server: Station;
  /** Where the station of this worker listens. */
  station: string;
}

/** Every test gets a new listener on the station of its worker, and fails on whatever the browser complains about. */
export const test = base.extend<{ complaints: string[] }, Stationed>({
  songSeconds: [undefined, { option: true, scope: 'worker' }],
  server: [
    async ({ songSeconds }, use) => {
      const server = outsideStation() ?? (await startStation({ songSeconds }));
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  station: [({ server }, use) => use(server.url), { scope: 'worker' }],
  baseURL: async ({ station }, use) => use(station),
  complaints: [
    async ({ page, station }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(station) && !/^(?:data|blob):/.test(url))
          complaints.push(`asked ${url}`);
      });
      await use(complaints);
      expect(complaints, 'what the browser complained about').toEqual([]);
      expect(await page.context().cookies(), 'cookies').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** The video on air. */
export const onAir = (page: Page) => page.locator('video[data-onair="true"]');

/** Opens the radio and takes the tap that joins. */
export async function join(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Tap to join' }).click();
  await expect(onAir(page)).toBeVisible();
}

export const currentTime = (page: Page): Promise<number> =>
  onAir(page).evaluate((video: HTMLVideoElement) => video.currentTime);

/** How far the video is from where everybody should be, in seconds, by the station's own word. */
export const offBy = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    interface Answer<T> {
      data: T;
    }
    const get = async <T>(path: string): Promise<T> =>
      ((await (await fetch(path, { cache: 'no-store' })).json()) as Answer<T>).data;
    const { nowPlaying } = await get<{ nowPlaying: { startedAt: string } }>('/v1/radio/stream');
    let best = { delay: Infinity, off: Infinity };
    for (let i = 0; i < 5; i += 1) {
      const sent = performance.now();
      const { epochMs } = await get<{ epochMs: number }>('/v1/time');
      const delay = performance.now() - sent;
      const video = document.querySelector<HTMLVideoElement>('video[data-onair="true"]');
      const expected = (epochMs + delay / 2 - Date.parse(nowPlaying.startedAt)) / 1000;
      if (delay < best.delay) best = { delay, off: (video?.currentTime ?? NaN) - expected };
    }
    return best.off;
  });
