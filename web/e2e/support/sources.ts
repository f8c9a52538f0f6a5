/* A station with a song of every kind of source, and what its tests look at. */

import { expect, type FrameLocator, type Page, test as base } from '@playwright/test';
import { makeMedia, type Media, MEDIA_SECONDS } from './media';
import { REFUSED_ID, standInForSites } from './site-stand-in';
import { type ImportedSong, startStation, type Station } from './station';

/** How far from everybody a file may be once it has settled, in seconds; and a site that can only seek. */
export const IN_STEP_S = 0.4;
export const SITE_IN_STEP_S = 1;

const ids = {
  sound: 1,
  both: 2,
  list: 3,
  youtube: 4,
  youtubeRefused: 5,
  vimeo: 6,
  brokenFile: 7,
  missingFile: 8,
  brokenList: 9,
  missingList: 10,
  hollowList: 11,
} as const;
type Name = keyof typeof ids;
export const idOf = (name: Name): string => ids[name].toString(16).padStart(24, '0');

function shelf({ url }: Media): ImportedSong[] {
  const sources: Record<Name, Pick<ImportedSong, 'videoUrl' | 'audioUrl'>> = {
    sound: { audioUrl: 'sound.m4a' },
    both: { videoUrl: 'video.mp4', audioUrl: 'sound.m4a' },
    list: { videoUrl: `${url}/list.m3u8` },
    youtube: { videoUrl: 'https://youtu.be/dQw4w9WgXcQ' },
    youtubeRefused: {
      videoUrl: `https://www.youtube.com/watch?v=${REFUSED_ID}`,
      audioUrl: 'sound.m4a',
    },
    vimeo: { videoUrl: 'https://vimeo.com/76979871' },
    brokenFile: { videoUrl: `${url}/broken.mp4` },
    missingFile: { videoUrl: `${url}/nowhere.mp4` },
    brokenList: { videoUrl: `${url}/broken.m3u8` },
    missingList: { videoUrl: `${url}/nowhere.m3u8` },
    hollowList: { videoUrl: `${url}/hollow.m3u8` },
  };
  return Object.entries(sources).map(([name, source]) => ({
    _id: idOf(name as Name),
    title: `A song: ${name}`,
    artist: 'The Sources',
    duration: MEDIA_SECONDS,
    ...source,
  }));
}

interface Worlds {
  station: Station;
}

export const test = base.extend<{ opened: string[]; refusals: string[] }, Worlds>({
  station: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const media = await makeMedia();
      const station = await startStation({ shelf: { folder: media.folder, songs: shelf(media) } });
      await use(station);
      await station.stop();
      await media.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ station }, use) => use(station.url),
  opened: async ({ page }, use) => use(await standInForSites(page, MEDIA_SECONDS)),
  refusals: [
    async ({ page }, use) => {
      const refusals: string[] = [];
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) refusals.push(message.text());
      });
      page.on('pageerror', (error) => refusals.push(error.message));
      await use(refusals);
      expect(refusals, 'what the page was not allowed, or could not').toEqual([]);
    },
    { auto: true },
  ],
});

export const sleeve = (page: Page, shows: string) => page.locator(`.sleeve[data-shows="${shows}"]`);
export const onAir = (page: Page) => page.locator('video[data-onair="true"]');
export const siteFrame = (page: Page): FrameLocator =>
  page.frameLocator('.frames[data-onair="true"] iframe');

export async function join(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Tap to join' }).click();
  await expect(page.getByText(/in step/).first()).toBeVisible();
}

/** Where everybody is, in seconds of the song, by the clock of this machine: the station runs on it too. */
export const everybody = ({ startedAt }: { startedAt: string }): number =>
  (Date.now() - Date.parse(startedAt)) / 1000;
