/** A song or playlist that somebody looks at, as the stream's address names it: `song=…` or `playlist=…`. */
export type Topic = `${'song' | 'playlist'}=${string}`;

/** The station's limit for one stream. */
export const MOST_TOPICS = 4;

/**
 * What the stream of a browser should carry. Topics that nobody wants any more stay as long as there is room: a change
 * costs a new connection.
 */
export function topicsFor(carried: readonly string[], wanted: readonly string[]): string[] {
  const needed = [...new Set(wanted)].slice(0, MOST_TOPICS);
  const kept = carried.filter((topic) => !needed.includes(topic));
  return [...needed, ...kept].slice(0, MOST_TOPICS).sort();
}
