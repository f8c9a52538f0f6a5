import type { QueryClient } from '@tanstack/react-query';
import { songSchema } from '@/lib/schemas/song';
import { songOptions } from '../api/get-song';

/** The element of a song's page in which the station puts the song (see src/api/pages.cc). */
const ID = 'song';

/**
 * Begins with the song that came with the page: it is shown without a question. Whoever kept the page, it is old from the
 * start, so that the station is asked all the same, in the listener's name.
 */
export function beginWithBroughtSong(client: QueryClient): void {
  const text = document.querySelector(`script#${ID}`)?.textContent;
  if (text == null) return;
  let answer: { data?: unknown };
  try {
    answer = JSON.parse(text) as { data?: unknown };
  } catch {
    return; // the question will tell
  }
  const song = songSchema.safeParse(answer.data);
  if (song.success)
    client.setQueryData(songOptions(song.data._id).queryKey, song.data, { updatedAt: 1 });
}
