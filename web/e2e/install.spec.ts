import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

test.use({ serviceWorkers: 'allow' });

/** Waits until the service worker has taken over this page. */
const controlled = (page: Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller !== null) return;
    await new Promise((resolve) => {
      navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true });
    });
  });

test('the manifest, the icons and the worker come as browsers want them', async ({
  page,
  station,
}) => {
  await page.goto('/');
  const href = await page.locator('link[rel="manifest"]').getAttribute('href');
  const manifest = await page.request.get(station + (href ?? ''));
  expect(manifest.headers()['content-type']).toContain('application/manifest+json');
  expect(manifest.headers()['cache-control']).toBe('no-cache');
  const { icons, name, display } = (await manifest.json()) as {
    icons: { src: string; sizes: string; purpose?: string }[];
    name: string;
    display: string;
  };
  expect([name, display]).toEqual(['PopRadio', 'standalone']);
  expect(icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
  for (const { src, sizes } of icons) {
    const size = await page.evaluate(async (url) => {
      const picture = new Image();
      picture.src = url;
      await picture.decode();
      return `${picture.naturalWidth}x${picture.naturalHeight}`;
    }, src);
    expect(size).toBe(sizes);
  }
  const worker = await page.request.get(`${station}/sw.js`);
  expect(worker.headers()['content-type']).toContain('text/javascript');
  expect(worker.headers()['cache-control']).toBe('no-cache');
});

test('the shell and the art are kept, and nothing that the station answers', async ({ page }) => {
  await page.goto('/songs');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await controlled(page);
  await page.goto('/playlists');
  await page.locator('.card').first().waitFor();
  await page.goto('/');
  await page.getByRole('button', { name: 'Tap to join' }).click();
  await expect
    .poll(() =>
      page.evaluate(async () => (await (await caches.open('popradio-art')).keys()).length),
    )
    .toBeGreaterThan(0);
  const kept = await page.evaluate(async () => {
    const all: { url: string; type: string }[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const response = await cache.match(request);
        all.push({
          url: new URL(request.url).pathname,
          type: response?.headers.get('content-type') ?? '',
        });
      }
    }
    return all;
  });
  expect(kept.map(({ url }) => url)).toContain('/index.html');
  const answers = kept.filter(
    ({ url, type }) => /^\/(api|v1)\//.test(url) && !type.startsWith('image/'),
  );
  expect(answers).toEqual([]);
  expect(kept.filter(({ type }) => /^(?:video|audio)\/|^application\/json/.test(type))).toEqual([]);
});

test('without a line, every page says so and shows what I liked; it comes back by itself', async ({
  page,
  context,
  complaints,
}) => {
  await page.goto('/songs');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await controlled(page);
  const row = page.locator('#content .rows--songs > li').first();
  const title = (await row.locator('.name').innerText()).split(',')[0] ?? '';
  const answered = page.waitForResponse((response) => response.url().endsWith('/like'));
  await row.getByRole('button').click();
  await answered;
  await context.setOffline(true);
  await page.goto('/playlists');
  await expect(page.getByRole('heading', { name: 'You are offline', level: 1 })).toBeVisible();
  await expect(
    page.getByRole('region', { name: /^What you liked/ }).getByText(title),
  ).toBeVisible();
  await context.setOffline(false);
  await expect(page.locator('.card').first()).toBeVisible({ timeout: 60_000 });
  complaints.splice(0);
});

/** The station, and in front of it somebody who puts out a new release when asked to. */
async function withReleases(
  station: string,
): Promise<{ url: string; release: () => void; server: Server }> {
  let releases = 0;
  const server = createServer((request, response) => {
    const headers = {
      ...request.headers,
      host: new URL(station).host,
      'accept-encoding': 'identity',
    };
    fetch(station + (request.url ?? '/'), {
      method: request.method ?? 'GET',
      headers: Object.fromEntries(
        Object.entries(headers).filter(([name]) => !['connection', 'if-none-match'].includes(name)),
      ) as Record<string, string>,
    }).then(
      async (answer) => {
        let body = Buffer.from(await answer.arrayBuffer());
        if (request.url === '/sw.js')
          body = Buffer.concat([body, Buffer.from(`\n// release ${releases}`)]);
        const copied = Object.fromEntries(
          [...answer.headers].filter(
            ([name]) =>
              !['content-length', 'etag', 'connection', 'transfer-encoding'].includes(name),
          ),
        );
        response.writeHead(answer.status, copied).end(body);
      },
      () => response.writeHead(502).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    release: () => {
      releases += 1;
    },
    server,
  };
}

test('a new release asks before it takes over', async ({ page, station, complaints }) => {
  const { url, release, server } = await withReleases(station);
  try {
    await page.goto(`${url}/about`);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await controlled(page);
    const prompt = page.getByRole('region', { name: 'Fresh from the press' });
    await expect(prompt).toBeHidden();
    release();
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await expect(prompt).toBeVisible();
    await page.evaluate(() => Object.assign(window, { before: true }));
    await prompt.getByRole('button', { name: 'Load it' }).click();
    await expect.poll(() => page.evaluate(() => 'before' in window).catch(() => true)).toBe(false);
    await expect(prompt).toBeHidden();
  } finally {
    server.closeAllConnections();
    server.close();
  }
  complaints.splice(0); // the station stands behind another address here
});
