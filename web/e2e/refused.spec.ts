import { currentTime, expect, onAir, test } from './support/test';

// A trace asks the page things by itself, and that counts as a gesture too.
test.use({ trace: 'off', screenshot: 'off' });

test('a start that the browser refuses leaves the invitation, and the tap joins', async ({
  page,
}) => {
  // A tab that was listening, opened again: the page tries to go on, and this browser wants a tap first.
  await page.addInitScript(() => sessionStorage.setItem('popradio.joined', 'yes'));
  const known = page.waitForResponse((response) => response.url().endsWith('/radio/stream'));
  await page.goto('/');
  await known;
  // Whatever Playwright asks a page counts as a gesture: leave it alone until it has tried.
  await page.waitForTimeout(2_500);
  const invitation = page.getByRole('button', { name: 'Tap to join' });
  await expect(invitation).toBeVisible();
  await expect(page.getByText(/^You land at \d+:\d\d/)).toBeVisible();
  const paused = await page
    .locator('video')
    .evaluateAll((all) => all.every((video) => (video as HTMLVideoElement).paused));
  expect(paused).toBe(true);
  await invitation.click();
  await expect(onAir(page)).toBeVisible();
  const from = await currentTime(page);
  await expect.poll(() => currentTime(page)).toBeGreaterThan(from + 1);
});
