// Lighthouse's mobile profile on pages of a running station: `node audit.mjs BASE PATH...`. Prints a line of JSON for each
// page: its scores (0 to 100), what was found wanting, the times that the performance score is made of, and the bytes sent.
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const TIMES = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'speed-index'];

// A page that plays never rests: what its start costs is known long before this.
const LONGEST_LOOK_MS = 20_000;

const [base, ...paths] = process.argv.slice(2);
const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu'],
});
try {
  for (const path of paths) {
    const { lhr } = await lighthouse(base + path, { port: chrome.port, logLevel: 'error', onlyCategories: CATEGORIES, maxWaitForLoad: LONGEST_LOOK_MS });
    if (lhr.runtimeError) throw new Error(`${path}: ${lhr.runtimeError.message}`);
    const scores = Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(lhr.categories[name].score * 100)]));
    const wanting = CATEGORIES.slice(1).flatMap((name) =>
      lhr.categories[name].auditRefs
        .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
        .map(({ id }) => id),
    );
    const requests = lhr.audits['network-requests'].details.items;
    const sent = (type) => requests.filter((one) => one.resourceType === type).reduce((sum, one) => sum + one.transferSize, 0);
    console.log(
      JSON.stringify({
        path,
        scores,
        wanting,
        times: Object.fromEntries(TIMES.map((id) => [id, lhr.audits[id].numericValue])),
        bytes: { script: sent('Script'), style: sent('Stylesheet'), font: sent('Font'), all: requests.reduce((sum, one) => sum + one.transferSize, 0) },
        requests: requests.length,
      }),
    );
  }
} finally {
  await chrome.kill();
}
