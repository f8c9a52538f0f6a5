import { startStation } from './support/station';
import { expect, onAir, test } from './support/test';

// A station of its own: on the other one, the listeners of earlier tests are still in the room.
test('alone in the room one skips at once, and lands at the first note of the next song', async ({
  browser,
}) => {
  const station = await startStation();
  const page = await browser.newPage({ baseURL: station.url });
  await page.goto('/');
  await page.getByRole('button', { name: 'Tap to join' }).click();
  await expect(onAir(page)).toBeVisible();
  const title = page.locator('.shell h1');
  const first = await title.innerText();
  const next = await page
    .getByRole('region', { name: 'Next five' })
    .locator('.name')
    .first()
    .innerText();
  await page.getByRole('button', { name: 'Skip' }).click();
  await expect(page.locator('.votes')).toContainText('1 of 1');
  await expect(title).not.toHaveText(first);
  await expect(page.locator('.votes'), 'who is alone sees the own vote counted').toHaveText(
    /Skipped\s*1 of 1/,
  );
  await expect(page.locator('.votes')).toHaveCount(0);
  await expect(title).toContainText(next);
  await expect(onAir(page)).toBeVisible();
  const at = await onAir(page).evaluate((video: HTMLVideoElement) => video.currentTime);
  expect(at).toBeLessThan(15);
  await page.close();
  await station.stop();
});

test('a station without songs is friendly, and starts by itself when the first ones come', async ({
  browser,
}) => {
  const station = await startStation({ songs: false });
  const page = await browser.newPage({ baseURL: station.url });
  await page.goto('/');
  await expect(page.getByText('Nothing on air yet')).toBeVisible();
  await station.addSongs();
  await expect(page.getByRole('button', { name: 'Tap to join' })).toBeVisible({ timeout: 45_000 });
  await page.close();
  await station.stop();
});
