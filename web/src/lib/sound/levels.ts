/** Columns and rows of the picture: whole cells, as everything on a display. */
export const COLUMNS = 16;
export const ROWS = 10;
/** What one hears as music lies between these, Hz. */
const LOWEST_HZ = 50;
const HIGHEST_HZ = 12_000;
/** A column falls from top to bottom in about this long; it rises at once. */
const FALL_MS = 600;

/** Where the columns begin and end among the analyser's `bins`: each as much higher as the ear takes for the same step. */
export function edgesOf(bins: number, sampleRate: number): number[] {
  const perBin = sampleRate / 2 / bins;
  const top = Math.min(HIGHEST_HZ, sampleRate / 2);
  return Array.from({ length: COLUMNS + 1 }, (_, column) =>
    Math.min(bins, Math.round((LOWEST_HZ * (top / LOWEST_HZ) ** (column / COLUMNS)) / perBin)),
  );
}

/** The loudest of each column's bins, 0 to 1; high notes carry less, so they count for more. */
export function levelsOf(spectrum: Uint8Array, edges: readonly number[]): number[] {
  return Array.from({ length: COLUMNS }, (_, column) => {
    const from = edges[column] ?? 0;
    const to = Math.max(from + 1, edges[column + 1] ?? 0);
    const loudest = spectrum.subarray(from, to).reduce((most, bin) => Math.max(most, bin), 0);
    return Math.min(1, (loudest / 255) * (0.8 + (0.5 * column) / COLUMNS));
  });
}

/** What is shown after what was shown: up at once, down like something that has weight. */
export const fallen = (
  shown: readonly number[],
  levels: readonly number[],
  passedMs: number,
): number[] =>
  levels.map((level, column) => Math.max(level, 0, (shown[column] ?? 0) - passedMs / FALL_MS));

/** How many cells of a column are lit. Silence is one cell: the display is on. */
export const cellsOf = (level: number): number => Math.max(1, Math.round(level * ROWS));
