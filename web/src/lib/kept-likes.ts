import * as z from 'zod/mini';
import type { KeptStrings } from './storage';

/** What the offline page shows: songs that this listener liked, as this device saw them last. */
const KEY = 'popradio.liked';
/** As many as somebody looks at without a line. */
const MOST = 60;

const keptSongSchema = z.object({
  _id: z.string(),
  title: z.string(),
  artist: z.string(),
  albumArt: z.string(),
});
export type KeptSong = z.output<typeof keptSongSchema>;
const keptSchema = z.array(keptSongSchema);

export function keptLikes(kept: KeptStrings): KeptSong[] {
  try {
    return keptSchema.parse(JSON.parse(kept.get(KEY) ?? '[]'));
  } catch {
    return []; // not ours, or of an older version
  }
}

function keep(kept: KeptStrings, songs: readonly KeptSong[]): void {
  kept.set(
    KEY,
    JSON.stringify(
      songs
        .slice(0, MOST)
        .map(({ _id, title, artist, albumArt }) => ({ _id, title, artist, albumArt })),
    ),
  );
}

/** Remembers what was just liked; what was liked last comes first. */
export function keepLike(kept: KeptStrings, song: KeptSong): void {
  keep(kept, [song, ...keptLikes(kept).filter(({ _id }) => _id !== song._id)]);
}

export function dropLike(kept: KeptStrings, id: string): void {
  keep(
    kept,
    keptLikes(kept).filter(({ _id }) => _id !== id),
  );
}

/** The whole list, as the station has it. */
export const keepLikes = keep;

export const forgetKeptLikes = (kept: KeptStrings): void => keep(kept, []);
