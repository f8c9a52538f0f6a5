import type { Song } from '@/lib/schemas/song';

/** Chips for the genres that are on the shelf, the most frequent first; the chosen one is always among them. */
export function genresOf(songs: readonly Song[], chosen: string, most = 12): string[] {
  const counts = new Map<string, number>();
  for (const song of songs) {
    for (const genre of song.genre) counts.set(genre, (counts.get(genre) ?? 0) + 1);
  }
  if (chosen !== '' && !counts.has(chosen)) counts.set(chosen, 0);
  const sorted = [...counts]
    .sort(([a, n], [b, m]) => m - n || a.localeCompare(b))
    .map(([genre]) => genre);
  const shown = sorted.slice(0, most);
  return chosen === '' || shown.includes(chosen) ? shown : [...shown.slice(0, most - 1), chosen];
}
