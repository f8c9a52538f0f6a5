// Lighthouse's mobile profile on pages of a running station: `node audit.mjs BASE PATH...`. Prints a line of JSON for each
// page: its scores (0 to 100), what was found wanting, the times that the performance score is made of, and the bytes sent.
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const TIMES = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'speed-index'];

// A page that plays never rests: what its start costs is known long before this.
const LONGEST_LOOK_MS = 20_000;

// A loaded machine sometimes starts a browser too late for Lighthouse, or takes the page from it.
const TRIES = 3;

const [base, ...paths] = process.argv.slice(2);

/** One look at a page, in a browser of its own: no page is judged by what the one before left playing. */
async function look(path) {
  const chrome = await launch({
    chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  try {
    const { lhr } = await lighthouse(base + path, { port: chrome.port, logLevel: 'error', onlyCategories: CATEGORIES, maxWaitForLoad: LONGEST_LOOK_MS });
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
    return lhr;
  } finally {
    await chrome.kill();
  }
}

async function audit(path) {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await look(path);
    } catch (error) {
      console.error(`${path}: ${error.message ?? error}`);
      if (left === 0) throw error;
    }
  }
}

for (const path of paths) {
  const lhr = await audit(path);
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
