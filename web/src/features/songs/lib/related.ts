import type { Song } from '@/lib/schemas/song';

const MOST = 6;

export interface Related {
  artist: Song[];
  genre: Song[];
}

/**
 * What goes with a song: others of its artist first, then of its genre. None twice, and never the song itself.
 * @param byArtist what a search for the artist's name found: titles that carry that name are among it.
 */
export function relatedTo(
  song: Pick<Song, '_id' | 'artist'>,
  byArtist: readonly Song[],
  byGenre: readonly Song[],
  most = MOST,
): Related {
  const same = (a: string, b: string): boolean =>
    a.localeCompare(b, undefined, { sensitivity: 'base' }) === 0;
  const artist = byArtist
    .filter((other) => other._id !== song._id && same(other.artist, song.artist))
    .slice(0, most);
  const shown = new Set([song._id, ...artist.map(({ _id }) => _id)]);
  const genre = byGenre
    .filter(({ _id }) => !shown.has(_id))
    .slice(0, Math.max(0, most - artist.length));
  return { artist, genre };
}
