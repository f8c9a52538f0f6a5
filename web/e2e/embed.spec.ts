import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type FrameLocator, type Page, test } from '@playwright/test';
import { startStation, type Station } from './support/station';

/** How far a frame may be from the station's clock, both on this machine. */
const IN_STEP_MS = 250;

let station: Station;
let complaints: string[];
/** Another site, to the browser: it has another name and another port. A real server, as a page that comes from nowhere may not ask this machine for anything. */
let blog: Server;
let body = '';

test.beforeEach(async ({ page }) => {
  station = await startStation();
  blog = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end(body));
  blog.listen(0, 'localhost');
  await once(blog, 'listening');
  complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
});
test.afterEach(async () => {
  blog.close();
  await station.stop();
});

/** A page of that other site with the station's page in a frame. */
async function framed(page: Page, path: string, size = { width: 360, height: 240 }) {
  const frame = `<iframe src="${station.url}${path}" width="${size.width}" height="${size.height}" allow="autoplay"></iframe>`;
  body = `<!doctype html><link rel="icon" href="data:,"><h1>Blog</h1>${frame}`;
  await page.goto(`http://localhost:${(blog.address() as AddressInfo).port}/`);
  return page.frameLocator('iframe');
}

const seconds = (frame: FrameLocator): Promise<number> =>
  frame.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime);

/** What the frame plays, less what everybody should hear, milliseconds. */
async function drift(frame: FrameLocator): Promise<number> {
  const answer = await fetch(`${station.url}/v1/radio/stream`);
  const { data } = (await answer.json()) as { data: { nowPlaying: { startedAt: string } } };
  const startedAt = Date.parse(data.nowPlaying.startedAt);
  return frame
    .locator('video')
    .evaluate(
      (video: HTMLVideoElement, from) => video.currentTime * 1000 - (Date.now() - from),
      startedAt,
    );
}

test('the station plays in another site’s frame, in step with everybody, and follows a skip', async ({
  page,
}) => {
  const frame = await framed(page, '/embed');
  await expect(frame.locator('#title')).not.toHaveText('PopRadio');
  await frame.getByRole('button', { name: 'Tap to join' }).click();
  await expect.poll(() => seconds(frame)).toBeGreaterThan(0);
  await expect.poll(async () => Math.abs(await drift(frame))).toBeLessThan(IN_STEP_MS);

  const before = await frame.locator('#title').innerText();
  await station.nextSong();
  await expect(frame.locator('#title')).not.toHaveText(before);
  await expect.poll(async () => Math.abs(await drift(frame))).toBeLessThan(IN_STEP_MS);

  await frame.getByRole('button', { name: 'Mute' }).click();
  await expect(frame.getByRole('button', { name: 'Mute' })).toHaveAttribute('aria-pressed', 'true');
  await expect(frame.getByRole('link')).toHaveAttribute('href', '/');
  expect(complaints).toEqual([]);
});

test('a song plays by itself, from its beginning', async ({ page }) => {
  const answer = await fetch(`${station.url}/v1/songs`);
  const { data } = (await answer.json()) as { data: { songs: { _id: string; title: string }[] } };
  const [song] = data.songs;
  const frame = await framed(page, `/embed/songs/${song?._id}`);
  await expect(frame.locator('#title')).toHaveText(song?.title ?? '');
  await frame.getByRole('button', { name: 'Play' }).click();
  await expect.poll(() => seconds(frame)).toBeGreaterThan(0.2);
  expect(await seconds(frame)).toBeLessThan(10);
  await expect(frame.locator('video')).toHaveAttribute('controls');
  expect(complaints).toEqual([]);
});

test('nothing is cut in a frame of any size', async ({ page }) => {
  for (const size of [
    { width: 200, height: 120 },
    { width: 320, height: 180 },
    { width: 640, height: 360 },
  ]) {
    const frame = await framed(page, '/embed', size);
    const join = frame.getByRole('button', { name: 'Tap to join' });
    await expect(join).toBeInViewport({ ratio: 1 });
    // Whatever is on air: a title that no frame has room for.
    await frame.locator('#title').evaluate((title) => {
      title.textContent = 'A song whose name is wider than the widest of these frames '.repeat(3);
    });
    const over = await frame
      .locator('html')
      .evaluate((html) => [html.scrollWidth - innerWidth, html.scrollHeight - innerHeight]);
    expect(over, `${size.width} × ${size.height}`).toEqual([0, 0]);
  }
});

test('no other page shows in a frame', async ({ page }) => {
  const frame = await framed(page, '/');
  await expect.poll(() => complaints.join()).toContain('frame-ancestors');
  await expect(frame.locator('#root')).toHaveCount(0);
});
