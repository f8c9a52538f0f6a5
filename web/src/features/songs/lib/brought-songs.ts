import type * as z from 'zod/mini';

/** The element of the page of all songs in which the station puts the first of them (see src/api/page_paint.cc). */
const ID = 'songs';

/** Whoever comes back later would see an old list for a moment. */
const GOOD_FOR_MS = 30_000;

/** The first songs of the list, when the page brought them just now: they are shown without a question. */
export function broughtSongs<Page>(schema: z.ZodMiniType<Page>): Page | undefined {
  const text = document.querySelector(`script#${ID}`)?.textContent;
  if (text == null || performance.now() > GOOD_FOR_MS) return undefined;
  try {
    const page = schema.safeParse((JSON.parse(text) as { data?: unknown }).data);
    return page.data;
  } catch {
    return undefined; // the question will tell
  }
}
