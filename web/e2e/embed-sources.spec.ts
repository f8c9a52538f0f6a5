import { expect } from '@playwright/test';
import { everybody, idOf, IN_STEP_S, SITE_IN_STEP_S, test } from './support/sources';

test('the small player plays an HLS list in step', async ({ page, station }) => {
  const song = await station.putOn(idOf('list'));
  await page.goto('/embed');
  await page.getByRole('button', { name: 'Tap to join' }).click();
  const video = page.locator('video');
  await expect(video).toBeVisible();
  await expect
    .poll(async () => {
      const time = await video.evaluate((medium: HTMLVideoElement) => medium.currentTime);
      return Math.abs(time - everybody(song));
    })
    .toBeLessThan(IN_STEP_S);
});

for (const site of ['youtube', 'vimeo'] as const) {
  test(`the small player shows a video on ${site} in that site’s frame, in step`, async ({
    page,
    station,
    opened,
  }) => {
    const song = await station.putOn(idOf(site));
    await page.goto('/embed');
    const join = page.getByRole('button', { name: 'Tap to join' });
    await expect(join).toBeVisible();
    expect(opened, 'no site learns of who only looks').toEqual([]);
    await expect.poll(() => everybody(song)).toBeGreaterThan(4);
    await join.click();
    await expect(page.locator('#frames')).toBeVisible();
    const frame = page.frameLocator('#frames iframe');
    await expect
      .poll(async () =>
        Math.abs(Number(await frame.locator('#time').textContent()) - everybody(song)),
      )
      .toBeLessThan(SITE_IN_STEP_S);
    await page.getByRole('button', { name: 'Mute' }).click();
    await expect(frame.locator('body')).toHaveAttribute('data-muted', 'true');
    await station.putOn(idOf('both'));
    await expect(page.locator('video')).toBeVisible();
    await expect(page.locator('#frames')).toBeHidden();
    expect(opened, 'it was opened once').toHaveLength(1);
  });
}

test('a single song of another site plays in the small player from its beginning', async ({
  page,
  opened,
}) => {
  await page.goto(`/embed/songs/${idOf('youtube')}`);
  await page.getByRole('button', { name: 'Play' }).click();
  const frame = page.frameLocator('#frames iframe');
  await expect(frame.locator('body')).toHaveAttribute('data-state', 'playing');
  expect(Number(await frame.locator('#time').textContent())).toBeLessThan(10);
  expect(opened).toHaveLength(1);
});

test('the small player plays the sound of a video that its site does not show here', async ({
  page,
  station,
}) => {
  await station.putOn(idOf('youtubeRefused'));
  await page.goto('/embed');
  await page.getByRole('button', { name: 'Tap to join' }).click();
  await expect
    .poll(() => page.locator('video').evaluate((medium: HTMLVideoElement) => medium.currentTime))
    .toBeGreaterThan(0);
  await expect(page.locator('#note')).toBeHidden();
});
