import { currentTime, expect, join, offBy, onAir, test } from './support/test';

// Short songs: nobody waits a minute to see one end.
test.use({ songSeconds: 20 });

test('goes on to the next song by itself, without a gap', async ({ page }) => {
  await join(page);
  const title = page.locator('.shell h1');
  const first = await title.innerText();
  const next = await page
    .getByRole('region', { name: 'Next five' })
    .locator('.name')
    .first()
    .innerText();
  await expect(title).not.toHaveText(first, { timeout: 30_000 });
  await expect(title).toContainText(next);
  await expect(onAir(page)).toBeVisible();
  await expect.poll(() => currentTime(page)).toBeGreaterThan(1);
  expect(Math.abs(await offBy(page))).toBeLessThan(1);
  await expect(page.getByRole('region', { name: 'Next five' }).getByRole('listitem')).toHaveCount(
    5,
  );
});
