import { expect, type Page, test } from '@playwright/test';
import { startStation, type Station } from './support/station';
import { onAir } from './support/test';

/** Votes, reactions and comments between two windows that know nothing of each other. */
const TOGETHER_MS = 500;

let station: Station;
let pages: [Page, Page];

test.beforeEach(async ({ browser, viewport }) => {
  station = await startStation();
  const open = async (): Promise<Page> => {
    const page = await browser.newPage({ baseURL: station.url, viewport });
    await page.goto('/');
    await page.getByRole('button', { name: 'Tap to join' }).click();
    await expect(onAir(page)).toBeVisible();
    return page;
  };
  pages = [await open(), await open()];
});
test.afterEach(async () => {
  for (const page of pages) await page.close();
  await station.stop();
});

/** A third listener, who only listens. Returns what ends it. */
async function somebodyElse(): Promise<() => void> {
  const gone = new AbortController();
  await fetch(`${station.url}/v1/radio/events`, {
    headers: { 'X-Session-Id': crypto.randomUUID(), Accept: 'text/event-stream' },
    signal: gone.signal,
  });
  return () => gone.abort();
}

/** When the title on the display changes, by the machine's own time. */
const titleChanges = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const title = document.querySelector('.shell h1');
        const before = title?.textContent;
        const look = new MutationObserver(() => {
          if (document.querySelector('.shell h1')?.textContent === before) return;
          look.disconnect();
          resolve(performance.timeOrigin + performance.now());
        });
        look.observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
  );

test('a vote of two in a room of three passes, and both change together', async () => {
  const [mine, theirs] = pages;
  const leave = await somebodyElse();
  for (const page of pages)
    await expect(page.locator('.bar .foil')).toContainText('3', { timeout: 10_000 });
  const title = mine.locator('.shell h1');
  const before = await title.innerText();
  await mine.getByRole('button', { name: 'Skip' }).click();
  for (const page of pages) await expect(page.getByText('1 of 2')).toBeVisible();
  await expect(mine.getByRole('button', { name: 'Voted' })).toBeVisible();
  await expect(theirs.getByRole('button', { name: 'Voted' })).toHaveCount(0);

  const changes = Promise.all([titleChanges(mine), titleChanges(theirs)]);
  await theirs.getByRole('button', { name: 'Skip' }).click();
  const [one, two] = await changes;
  expect(Math.abs(one - two)).toBeLessThan(TOGETHER_MS);
  await expect(title).not.toHaveText(before);
  for (const page of pages) {
    await expect(page.getByText('1 of 2')).toHaveCount(0);
    await expect(onAir(page)).toBeVisible();
  }

  // Right after a skip the station says no, in a sentence, and the key counts down to when it is yes.
  await mine.getByRole('button', { name: 'Skip' }).click();
  await theirs.getByRole('button', { name: 'Skip' }).click();
  await expect(theirs.getByRole('button', { name: /^Skip, in \d+ seconds?$/ })).toBeDisabled();
  await expect(theirs.getByRole('button', { name: 'Skip', exact: true })).toBeEnabled();
  leave();
});

test('a reaction made in one window rises in the other', async () => {
  const [mine, theirs] = pages;
  const rises = theirs.locator('.riser[data-kind="🔥"]').waitFor({ state: 'attached' });
  if (await mine.getByRole('button', { name: 'Show the keys of the screen' }).isVisible())
    await mine.getByRole('button', { name: 'Show the keys of the screen' }).click();
  await mine.getByRole('button', { name: 'Fire' }).click();
  await rises;
});

test('what is said in one window stands in the other, with its second', async () => {
  const [mine, theirs] = pages;
  const text = `from the other window ${Date.now() % 1000}`;
  const posted = mine.waitForRequest((request) => request.method() === 'POST');
  const live = mine.getByRole('region', { name: 'Live' });
  await live.getByLabel('Comment').fill(text);
  await live.getByRole('button', { name: 'Send' }).click();
  const { atMs } = (await posted).postDataJSON() as { atMs: number };
  expect(atMs).toBeGreaterThan(0);
  const line = theirs.getByRole('region', { name: 'Live' }).getByRole('listitem').first();
  await expect(line).toContainText(text, { timeout: 3_000 });
  await expect(line).toContainText(/\d:\d\d/);
  await expect(theirs.locator('.moment')).toContainText(text);
});

test('an hour of listening costs little: nothing is asked while nothing is done', async () => {
  const [mine] = pages;
  await mine.waitForTimeout(3_000);
  const asked: string[] = [];
  mine.on('request', (request) => {
    if (request.url().includes('/v1/')) asked.push(`${request.method()} ${request.url()}`);
  });
  await mine.waitForTimeout(30_000);
  // A play may fall into it, and a song that comes: what was said about it, and whose heart is on.
  expect(asked.filter((url) => url.includes('/radio/stream') || url.includes('/time'))).toEqual([]);
  expect(asked.length).toBeLessThanOrEqual(4);
});
