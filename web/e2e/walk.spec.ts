import { everyPage } from './support/pages';
import { expect, join, onAir, test } from './support/test';

const soloVideo = 'video.solo-video';

test('what played stands in the history, with a heart and a way to the song', async ({ page }) => {
  await join(page);
  // Alone in the room, one skips at once: then something has played.
  const skipped = page.waitForResponse((response) => response.url().endsWith('/radio/next'));
  await page.getByRole('button', { name: /^Skip/ }).click();
  expect((await skipped).ok()).toBe(true);
  await page.getByRole('contentinfo').getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('heading', { name: 'History', level: 1 })).toBeVisible();
  // Another song may have come to its own end meanwhile, and stand above it.
  const first = page
    .getByRole('region', { name: 'Today' })
    .getByRole('listitem')
    .filter({ hasText: 'skipped' })
    .first();
  await expect(first).toBeVisible();
  const title = await first.locator('.name').innerText();
  await expect(first.locator('time')).toHaveText(/^\d\d:\d\d$/);
  await first.getByRole('button', { name: /^Like/ }).click();
  await expect(first.getByRole('button', { name: /^Like/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await first.getByRole('link').click();
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
});

test('a song plays on its own while the radio is silent, and the radio comes back', async ({
  page,
  station,
}) => {
  await join(page);
  const heard = () =>
    onAir(page).evaluate((video: HTMLVideoElement) => !video.muted && !video.paused);
  await expect.poll(heard).toBe(true);
  const { path } = (await everyPage(station))[2] ?? { path: '' };
  // Within the app: the radio plays on.
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  await page.getByRole('button', { name: 'Play it now' }).click();
  const solo = page.getByRole('region', { name: 'Outside the radio' });
  await expect(solo).toContainText('The radio is silent meanwhile');
  await expect
    .poll(() => page.locator(soloVideo).evaluate((video: HTMLVideoElement) => video.currentTime))
    .toBeGreaterThan(0.3);
  expect(await heard()).toBe(false);
  await solo.getByRole('button', { name: 'Back to the radio' }).click();
  await expect(solo).toBeHidden();
  await expect.poll(heard).toBe(true);
});

test('a playlist plays through, one song after another', async ({ page, station }) => {
  const { path } = (await everyPage(station))[5] ?? { path: '' };
  await page.goto(path);
  await page.getByRole('button', { name: 'Play through' }).click();
  const solo = page.getByRole('region', { name: 'Outside the radio' });
  const tracks = page.getByRole('region', { name: 'In this order' }).getByRole('listitem');
  const names = await tracks.locator('.name').allInnerTexts();
  const plain = names.map((name) => name.split(',')[0] ?? '');
  await expect(solo).toContainText('1 of ');
  await expect(solo).toContainText(plain[0] ?? '');
  const video = page.locator(soloVideo);
  await expect
    .poll(() => video.evaluate((element: HTMLVideoElement) => element.readyState))
    .toBeGreaterThan(1);
  // To its last second, as if it had been heard.
  await video.evaluate((element: HTMLVideoElement) => {
    element.currentTime = element.duration - 0.4;
  });
  await expect(solo).toContainText('2 of ');
  await expect(solo).toContainText(plain[1] ?? '');
  await solo.getByRole('button', { name: 'Next song of the list' }).click();
  await expect(solo).toContainText('3 of ');
  await expect(tracks.nth(2).locator('.row')).toHaveClass(/row--air/);
});

test('a song leads to what goes with it', async ({ page, station }) => {
  const songs = (await (await fetch(`${station}/v1/songs?limit=20`)).json()) as {
    data: { songs: { _id: string; artist: string; title: string }[] };
  };
  const all = songs.data.songs;
  const one = all.find((song) =>
    all.some((other) => other.artist === song.artist && other !== song),
  );
  if (one === undefined) throw new Error('the demo has an artist with two songs');
  await page.goto(`/songs/${one._id}`);
  const more = page.getByRole('region', { name: `More by ${one.artist}` });
  await expect(more.getByRole('listitem').first()).toBeVisible();
  await expect(more.getByText(one.title, { exact: true })).toHaveCount(0);
});

test('featured playlists and the about page have addresses, and lead on', async ({
  page,
  complaints,
}) => {
  await page.goto('/playlists');
  await page
    .getByRole('navigation', { name: 'All playlists' })
    .getByRole('link', { name: 'Featured' })
    .click();
  await expect(page).toHaveURL(/\/playlists\/featured$/);
  await expect(page.locator('.card').first()).toContainText('Featured');
  await page.reload();
  await expect(page.locator('.card').first()).toBeVisible();
  await page.getByRole('contentinfo').getByRole('link', { name: 'About' }).click();
  await expect(page.getByRole('img', { name: 'QR code of this station' })).toBeVisible();
  await expect(page.getByText(/^Version \d+\.\d+/)).toBeVisible();
  await page.getByRole('link', { name: 'The API and its description' }).click();
  await expect(page).toHaveURL(/\/docs/);
  complaints.splice(0);
});

test('a long list keeps a screenful in the document, and its end can be reached', async ({
  page,
}) => {
  const song = (n: number) => ({
    _id: n.toString(16).padStart(24, '0'),
    title: `Song ${n}`,
    artist: 'Somebody',
    albumArt: '/favicon.svg',
    videoUrl: '',
    audioUrl: '/x.mp3',
    duration: 60,
    genre: [],
    releaseYear: null,
    likes: 0,
    plays: 0,
    isLikedByUser: false,
    createdAt: '2026-01-12T08:00:00.000Z',
  });
  const TOTAL = 1000;
  await page.route('**/v1/songs?*', async (route) => {
    const url = new URL(route.request().url());
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const limit = Number(url.searchParams.get('limit'));
    const to = Math.min(TOTAL, from + limit);
    await route.fulfill({
      json: {
        success: true,
        data: {
          songs: Array.from({ length: to - from }, (_, i) => song(from + i + 1)),
          pagination: {
            currentPage: 1,
            totalPages: 1,
            totalSongs: TOTAL,
            hasNext: to < TOTAL,
            hasPrev: false,
            limit,
            nextCursor: to < TOTAL ? String(to) : null,
          },
        },
      },
    });
  });
  await page.goto('/songs');
  const rows = page.locator('#content .rows--songs > li');
  await expect(rows.first()).toContainText('Song 1');
  const last = page.getByText(`Song ${TOTAL}`, { exact: true });
  await expect
    .poll(
      async () => {
        await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
        return last.isVisible();
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  expect(await rows.count()).toBeLessThan(80);
  await expect(rows.last()).toHaveAttribute('aria-posinset', String(TOTAL));
});

test('the keyboard does what the keys do', async ({ page, isMobile }) => {
  test.skip(isMobile, 'a phone has none');
  await page.goto('/');
  await page.getByRole('button', { name: 'Tap to join' }).waitFor();
  await page.keyboard.press('Space');
  await expect(onAir(page)).toBeVisible();
  const muted = () => onAir(page).evaluate((video: HTMLVideoElement) => video.muted);
  expect(await muted()).toBe(false);
  await page.keyboard.press('Space');
  await expect.poll(muted).toBe(true);
  await page.keyboard.press('ArrowLeft');
  await expect
    .poll(() => onAir(page).evaluate((video: HTMLVideoElement) => video.volume))
    .toBeCloseTo(0.7);
  const heart = page.locator('.jewel');
  await page.keyboard.press('l');
  await expect(heart).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('c');
  await page.keyboard.type('lovely');
  await expect(page.locator('.say input')).toHaveValue('lovely');
  await expect(heart).toHaveAttribute('aria-pressed', 'true');
  await page.locator('.say input').blur();
  await page.keyboard.press('?');
  await expect(page.getByRole('region', { name: 'Keys' })).toBeInViewport();
});
