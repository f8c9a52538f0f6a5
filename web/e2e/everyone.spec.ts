import AxeBuilder from '@axe-core/playwright';
import { everyPage } from './support/pages';
import { expect, join, test } from './support/test';

/** An address that is none is answered with 404, and the browser says so. */
const without404 = (complaints: string[]): void => {
  complaints.splice(0, Infinity, ...complaints.filter((text) => !text.includes('404')));
};

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any page, ${colorScheme}`, async ({ page, station, complaints }) => {
    test.slow(); // eleven pages, looked at thoroughly
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const { path, shows } of await everyPage(station)) {
      await page.goto(path);
      await page.locator(shows).first().waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(
          ({ target, failureSummary }) =>
            `${path} ${id} ${target.join(' ')}: ${failureSummary ?? ''}`,
        ),
      );
      expect(found).toEqual([]);
    }
    without404(complaints);
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the small player, ${colorScheme}`, async ({ page, station }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found: string[] = [];
    const look = async (what: string): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      found.push(
        ...violations.map(({ id, nodes }) => `${what} ${id} ${nodes.map((n) => n.target).join()}`),
      );
    };
    const [song, playlist] = ['song', 'playlist'].map(
      (kind) => new RegExp(`^/${kind}s/[0-9a-f]{24}$`),
    );
    const pages = (await everyPage(station)).map(({ path }) => path);
    for (const kind of [song, playlist]) {
      await page.goto(`/embed${pages.find((path) => kind?.test(path)) ?? ''}`);
      await page.getByRole('button', { name: 'Play' }).waitFor();
      await look('a song or list, before');
    }
    await page.goto('/embed');
    const join = page.getByRole('button', { name: 'Tap to join' });
    await join.waitFor();
    await look('the radio, before');
    await join.click();
    await expect(page.locator('video')).toBeVisible();
    await look('the radio, playing');
    expect(found).toEqual([]);
  });
}

test('axe finds nothing in what opens on the pages', async ({ page, station }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await join(page);
  const pages = await everyPage(station);
  await page.goto(pages[2]?.path ?? '');
  await page.getByRole('button', { name: 'Play it now' }).click();
  await page.getByRole('region', { name: 'Outside the radio' }).waitFor();
  const song = await new AxeBuilder({ page }).analyze();
  expect(
    song.violations.map(({ id, nodes }) => `${id} ${nodes.map((n) => n.target).join()}`),
  ).toEqual([]);
  await page.goto('/mine');
  await page.getByRole('button', { name: 'Show the code' }).click();
  await page.getByRole('img', { name: /Code that opens/ }).waitFor();
  const mine = await new AxeBuilder({ page }).analyze();
  expect(
    mine.violations.map(({ id, nodes }) => `${id} ${nodes.map((n) => n.target).join()}`),
  ).toEqual([]);
});

test('whatever is pressed is as large as a finger', async ({ page, station, complaints }) => {
  for (const { path, shows } of await everyPage(station)) {
    await page.goto(path);
    await page.locator(shows).first().waitFor();
    const small = await page.evaluate(() => {
      const least = 44;
      return [...document.querySelectorAll<HTMLElement>('a, button, input, textarea, select')]
        .filter((element) =>
          element.checkVisibility({ visibilityProperty: true, opacityProperty: true }),
        )
        .filter((element) => !element.matches('.to-content, video *'))
        .map((element) => {
          // A field is as large as what one taps to get into it.
          const box = (element.closest('label') ?? element).getBoundingClientRect();
          return { name: `${element.tagName}.${element.className} ${element.textContent}`, box };
        })
        .filter(({ box }) => box.width > 1 && (box.width < least - 0.5 || box.height < least - 0.5))
        .map(({ name, box }) => `${name}: ${Math.round(box.width)}×${Math.round(box.height)}`);
    });
    expect(small, path).toEqual([]);
  }
  without404(complaints);
});

for (const width of [320, 2560]) {
  test(`nothing is cut nor lost at ${width} pixels`, async ({ page, station, complaints }) => {
    await page.setViewportSize({ width, height: width === 320 ? 640 : 1440 });
    for (const { path, shows } of await everyPage(station)) {
      await page.goto(path);
      await page.locator(shows).first().waitFor();
      if (path === '/mine') {
        await page.getByRole('button', { name: 'Show the code' }).click();
        await expect(page.locator('.phrase li')).toHaveCount(12);
      }
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(over, path).toBeLessThanOrEqual(0);
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll('#content :is(button, a, h2, p, li, textarea), .lid-in *')]
          .filter((element) => element.checkVisibility())
          // Chips scroll sideways, and what is only read out has no place.
          .filter((element) => element.closest('.chips, .vh, .disc, .case') === null)
          .map((element) => ({
            name: element.outerHTML.slice(0, 80),
            box: element.getBoundingClientRect(),
          }))
          .filter(({ box }) => box.width > 0 && (box.left < -1 || box.right > innerWidth + 1))
          .map(({ name }) => name),
      );
      expect(outside, path).toEqual([]);
    }
    without404(complaints);
  });
}

test('pages stand still while they arrive', async ({ page, station, complaints }) => {
  await page.addInitScript(() => {
    const shifts: { value: number; of: string }[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Element | null }[];
      })[]) {
        const of = entry.sources.map(({ node }) => node?.className ?? '').join(', ');
        if (!entry.hadRecentInput) shifts.push({ value: entry.value, of });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  for (const { path, shows } of await everyPage(station)) {
    await page.goto(path);
    await page.locator(shows).first().waitFor();
    await page.waitForFunction(
      () =>
        document.fonts.status === 'loaded' &&
        [...document.images].every(
          (image) => image.complete || image.getBoundingClientRect().top > innerHeight,
        ),
    );
    const shifts = await page.evaluate(
      () => (window as unknown as { shifts: { value: number; of: string }[] }).shifts,
    );
    const sum = shifts.reduce((all, { value }) => all + value, 0);
    // 0.1 is what is still called good; a page of this app has no business near it.
    expect(
      sum,
      `${path}: ${shifts.map(({ value, of }) => `${value.toFixed(3)} ${of}`).join('; ')}`,
    ).toBeLessThan(0.05);
  }
  without404(complaints);
});

test('focus can be seen', async ({ page }) => {
  await page.goto('/songs');
  await page.locator('#content .rows--songs .row').first().waitFor();
  for (let i = 0; i < 12; i += 1) {
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return 'nowhere';
      const shown = element.closest('.field') ?? element;
      const { outlineStyle, outlineWidth } = getComputedStyle(shown);
      return outlineStyle === 'none' ? `none on ${element.outerHTML.slice(0, 80)}` : outlineWidth;
    });
    expect(outline).toBe('3px');
  }
});
