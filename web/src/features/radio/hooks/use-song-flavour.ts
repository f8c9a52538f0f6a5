import { useEffect, useState } from 'react';
import { type Flavour, flavourOfId, flavourOfPicture } from '@/lib/flavour';
import type { Song } from '@/lib/schemas/song';

const known = new Map<string, Flavour>();

/** The flavour of a song: the colour of its picture, or, where that cannot be read, one made from its id. */
export function useSongFlavour(song: Pick<Song, '_id' | 'albumArt'> | null): Flavour {
  const [, found] = useState(0);
  const art = song?.albumArt ?? '';
  const id = song?._id ?? '';
  useEffect(() => {
    if (art === '' || known.has(art)) return undefined;
    let gone = false;
    void flavourOfPicture(art).then((flavour) => {
      known.set(art, flavour ?? flavourOfId(id));
      if (!gone) found((n) => n + 1);
    });
    return () => {
      gone = true;
    };
  }, [art, id]);
  if (song === null) return 'pearl';
  return known.get(art) ?? flavourOfId(id);
}
