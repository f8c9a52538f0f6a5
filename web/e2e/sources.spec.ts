import { expect } from '@playwright/test';
import {
  everybody,
  idOf,
  IN_STEP_S,
  join,
  onAir,
  SITE_IN_STEP_S,
  siteFrame,
  sleeve,
  test,
} from './support/sources';

test('an HLS list plays in step, and its captions are shown to who wants them', async ({
  page,
  station,
}) => {
  const song = await station.putOn(idOf('list'));
  await join(page);
  await expect(onAir(page)).toBeVisible();
  await expect
    .poll(async () => {
      const time = await onAir(page).evaluate((video: HTMLVideoElement) => video.currentTime);
      return Math.abs(time - everybody(song));
    })
    .toBeLessThan(IN_STEP_S);
  if (!(await page.locator('.strip .screen-keys').isVisible()))
    await page.getByRole('button', { name: 'Show the keys of the screen' }).click();
  const key = page.getByRole('button', { name: 'Captions' }).and(page.locator(':visible'));
  await expect(key).toHaveAttribute('aria-pressed', 'false');
  await key.click();
  await expect(key).toHaveAttribute('aria-pressed', 'true');
  const shown = () =>
    onAir(page).evaluate((video: HTMLVideoElement) =>
      Array.from(video.textTracks)
        .filter(({ mode }) => mode === 'showing')
        .flatMap(({ activeCues }) => Array.from(activeCues ?? []))
        .map((cue) => (cue as VTTCue).text),
    );
  await expect.poll(shown).toEqual(['la la la, in step']);
  await page.reload();
  await page
    .getByRole('button', { name: 'Tap to join' })
    .click({ timeout: 3_000 })
    .catch(() => 0);
  await expect.poll(shown, 'the next time, they are there').toEqual(['la la la, in step']);
});

for (const site of ['youtube', 'vimeo'] as const) {
  test(`a video on ${site} plays in that site’s frame, in step, and stays while pages change`, async ({
    page,
    station,
    opened,
  }) => {
    const song = await station.putOn(idOf(site));
    await page.goto('/');
    await expect(page.getByRole('button', { name: 'Tap to join' })).toBeVisible();
    expect(opened, 'no site learns of who only looks').toEqual([]);
    // Some seconds in, so that the start has to be sought.
    await expect.poll(() => everybody(song)).toBeGreaterThan(4);
    await page.getByRole('button', { name: 'Tap to join' }).click();
    const frame = siteFrame(page);
    const off = async (): Promise<number> =>
      Math.abs(Number(await frame.locator('#time').textContent()) - everybody(song));
    await expect.poll(off).toBeLessThan(SITE_IN_STEP_S);
    await expect(frame.locator('body')).toHaveAttribute('data-state', 'playing');
    await expect(page.getByText(/in step/).first()).toBeVisible();
    await page.keyboard.press('Space');
    await expect(frame.locator('body')).toHaveAttribute('data-muted', 'true');
    await page.keyboard.press('Space');
    await expect(frame.locator('body')).toHaveAttribute('data-muted', 'false');
    await page
      .getByRole('link', { name: 'Songs', exact: true })
      .and(page.locator(':visible'))
      .click();
    await expect(page).toHaveURL(/\/songs$/);
    await page.goBack();
    await expect.poll(off).toBeLessThan(SITE_IN_STEP_S);
    expect(opened, 'it was opened once').toHaveLength(1);
    await station.putOn(idOf('both'));
    await expect(onAir(page)).toBeVisible();
    await expect(page.locator('.frames[data-onair="true"]')).toHaveCount(0);
  });
}

test('a video that its site does not show here is played from its sound', async ({
  page,
  station,
  opened,
}) => {
  await station.putOn(idOf('youtubeRefused'));
  await join(page);
  await expect(sleeve(page, 'sound')).toBeVisible();
  expect(opened).toHaveLength(1);
});

test('a song without a picture has one that moves with the sound; its play is counted once', async ({
  page,
  station,
}) => {
  await page.addInitScript(() => {
    Math.random = () => 0; // a play is reported at a random moment: at once, here
  });
  const plays: (string | undefined)[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith(`/v1/songs/${idOf('sound')}/play`))
      plays.push(request.headers()['idempotency-key']);
  });
  await station.putOn(idOf('sound'));
  await join(page);
  const joinedAt = Date.now();
  await expect(sleeve(page, 'sound').locator('.title-card')).toContainText('A song: sound');
  const display = sleeve(page, 'sound').locator('canvas');
  await expect(display).toBeVisible();
  const seen = new Set<string>();
  await expect
    .poll(async () => {
      seen.add((await display.getAttribute('data-cells')) ?? '');
      return seen.size;
    })
    .toBeGreaterThan(6);
  expect([...seen].some((cells) => cells.split(',').some((lit) => Number(lit) > 4))).toBe(true);
  await expect.poll(() => plays.length, { timeout: 20_000 }).toBe(1);
  expect(Date.now() - joinedAt).toBeGreaterThan(9_000);
  expect(plays[0]).toMatch(/^[\da-f-]{36}$/);
  await page.reload();
  await page.waitForTimeout(1_000);
  await page
    .getByRole('button', { name: 'Tap to join' })
    .click({ timeout: 3_000 })
    .catch(() => 0);
  await page.waitForTimeout(12_000);
  expect(plays, 'not again after a reload').toHaveLength(1);
});

test('who wants no motion sees the cover and a display that rests', async ({ page, station }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await station.putOn(idOf('sound'));
  await join(page);
  await expect(sleeve(page, 'sound').locator('.eq').first()).toHaveAttribute('data-still', 'true');
  await expect(sleeve(page, 'sound').locator('canvas')).toBeHidden();
});

for (const name of ['brokenFile', 'missingFile', 'brokenList', 'missingList'] as const) {
  test(`${name}: says so, shows the cover, and waits for the next song`, async ({
    page,
    station,
  }) => {
    await station.putOn(idOf(name));
    await page.goto('/');
    await page.getByRole('button', { name: 'Tap to join' }).click();
    const failed = sleeve(page, 'failed');
    await expect(failed).toContainText('This one does not play here');
    await expect(failed).toContainText(/Next song in \d:\d\d/);
    await expect(failed.locator('.sleeve-art')).toBeVisible();
    await station.putOn(idOf('both'));
    await expect(onAir(page)).toBeVisible();
    await expect(page.getByText(/in step/).first()).toBeVisible();
  });
}

test('a list whose pieces are not there says so as well', async ({ page, station }) => {
  await station.putOn(idOf('hollowList'));
  await page.goto('/');
  await page.getByRole('button', { name: 'Tap to join' }).click();
  await expect(sleeve(page, 'failed')).toContainText('This one does not play here', {
    timeout: 25_000,
  });
});

test('sound only plays what has sound from it, and is remembered', async ({ page, station }) => {
  await station.putOn(idOf('both'));
  await join(page);
  await expect(onAir(page)).toBeVisible();
  const key = page.getByRole('button', { name: 'Sound only' });
  await key.click();
  await expect(key).toHaveAttribute('aria-pressed', 'true');
  await expect(sleeve(page, 'sound')).toBeVisible();
  await expect(page.getByText(/in step/).first()).toBeVisible();
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.reload();
  await page
    .getByRole('button', { name: 'Tap to join' })
    .click({ timeout: 3_000 })
    .catch(() => 0);
  await expect(sleeve(page, 'sound')).toBeVisible();
  expect(fetched).toContain(`/api/media/${idOf('both')}/audio`);
  expect(fetched).not.toContain(`/api/media/${idOf('both')}/video`);
  await key.click();
  await expect(onAir(page)).toBeVisible();
});

test('the lock screen knows the song, pauses, comes back in step, and votes', async ({
  page,
  station,
}) => {
  await page.addInitScript(() => {
    const keys: Record<string, MediaSessionActionHandler | null> = {};
    navigator.mediaSession.setActionHandler = (action, handler) => {
      keys[action] = handler;
    };
    Object.assign(window, {
      pressed: (action: MediaSessionAction) => keys[action]?.({ action }),
    });
  });
  const press = (action: string) =>
    page.evaluate(
      (name) => (window as unknown as { pressed: (name: string) => void }).pressed(name),
      action,
    );
  const song = await station.putOn(idOf('both'));
  await join(page);
  const card = () =>
    page.evaluate(() => {
      const { title, artist, artwork } = navigator.mediaSession.metadata ?? {};
      return [title, artist, artwork?.length];
    });
  await expect.poll(card).toEqual(['A song: both', 'The Sources', 1]);
  await press('pause');
  await expect(page.getByRole('button', { name: 'Tap to join' })).toBeVisible();
  const paused = page
    .locator('.screen > video')
    .evaluateAll((all) => all.every((video) => (video as HTMLVideoElement).paused));
  expect(await paused).toBe(true);
  await press('play');
  await expect(onAir(page)).toBeVisible();
  await expect
    .poll(async () => {
      const time = await onAir(page).evaluate((video: HTMLVideoElement) => video.currentTime);
      return Math.abs(time - everybody(song));
    })
    .toBeLessThan(IN_STEP_S);
  const vote = page.waitForRequest((request) => request.url().endsWith('/v1/radio/next'));
  await press('nexttrack');
  await vote;
});

test('who told the browser to save data hears songs without being asked', async ({
  page,
  station,
}) => {
  await page.addInitScript(() => {
    const { connection } = navigator as unknown as { connection: object };
    Object.defineProperty(connection, 'saveData', { value: true });
  });
  const films: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('video.mp4') || request.url().includes('/video'))
      films.push(request.url());
  });
  await station.putOn(idOf('both'));
  await join(page);
  await expect(sleeve(page, 'sound').locator('.title-card')).toContainText('A song: both');
  await expect(page.getByRole('button', { name: 'Sound only' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  expect(films).toEqual([]);
});
