import { chromiumPath } from '../playwright.config';
import { expect, join, onAir, test } from './support/test';

test.use({
  launchOptions: {
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
  },
});

test('where the browser allows it, a first visit still asks, and a reload goes on by itself', async ({
  page,
}) => {
  await join(page);
  await page.reload();
  await expect(onAir(page)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Tap to join' })).toHaveCount(0);
});
