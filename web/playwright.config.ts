import { defineConfig, devices } from '@playwright/test';

/** Debian's chromium: it plays H.264, and nothing has to be downloaded. */
export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Needed where the tests run as root or without a graphics card, as in CI. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--autoplay-policy=document-user-activation-required',
];

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // One station and one machine: side by side, the tests would take each other's seconds.
  workers: 1,
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
  use: {
    launchOptions: { executablePath: chromiumPath, args },
    // The station of POPRADIO_E2E_URL (e2e/support/station.ts) may have signed its certificate itself.
    ignoreHTTPSErrors: process.env.POPRADIO_E2E_URL !== undefined,
    // A worker between page and station would hide requests from the tests; e2e/install.spec.ts is about it.
    serviceWorkers: 'block',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  projects: [
    {
      name: 'phone',
      use: { ...devices['Pixel 7'], viewport: { width: 390, height: 844 }, channel: undefined },
    },
    {
      name: 'desk',
      use: { viewport: { width: 1280, height: 800 } },
    },
  ],
});
