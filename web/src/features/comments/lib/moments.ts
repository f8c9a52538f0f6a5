import type { Comment } from '@/lib/schemas/comment';

export type Line = Omit<Comment, 'isMine'>;

/** How long one line stands; half as long while others wait. */
export const SHOWN_MS = 5_000;
/** More would come too late for their second. */
const MOST_WAITING = 4;

/**
 * The lines of earlier plays whose second has come.
 * @param fromMs exclusive, @param toMs inclusive: places in the song.
 * @param startedAt when this play began: what was said since then is no memory.
 */
export const dueMoments = (
  comments: readonly Line[],
  fromMs: number,
  toMs: number,
  startedAt: number,
): Line[] =>
  comments.filter(
    ({ atMs, createdAt }) =>
      atMs !== undefined && atMs > fromMs && atMs <= toMs && createdAt < startedAt,
  );

export interface Showing {
  /** The first is shown, since `since`. */
  lines: readonly Line[];
  since: number;
}
export const nothingShown: Showing = { lines: [], since: 0 };

/** Lets the line that has stood long enough go, and takes in what has come. The same object if nothing changes. */
export function turn(before: Showing, now: number, come: readonly Line[] = []): Showing {
  const { lines, since } = before;
  const lasts = lines.length > 1 ? SHOWN_MS / 2 : SHOWN_MS;
  const goes = lines.length > 0 && now - since >= lasts;
  const kept = goes ? lines.slice(1) : lines;
  const known = new Set(lines.map(({ _id }) => _id));
  const fresh = come.filter(({ _id }) => !known.has(_id));
  if (!goes && fresh.length === 0) return before;
  return {
    lines: [...kept, ...fresh].slice(0, MOST_WAITING),
    since: goes || kept.length === 0 ? now : since,
  };
}
