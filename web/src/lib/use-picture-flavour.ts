import { useEffect, useState } from 'react';
import { type Flavour, flavourOfId, flavourOfPicture } from './flavour';

const known = new Map<string, Flavour>();

/** The flavour of a picture: its colour, or, where that cannot be read, one made from the id of what it shows. */
export function usePictureFlavour(id: string, picture: string): Flavour {
  const [, found] = useState(0);
  useEffect(() => {
    if (picture === '' || known.has(picture)) return undefined;
    let gone = false;
    void flavourOfPicture(picture).then((flavour) => {
      known.set(picture, flavour ?? flavourOfId(id));
      if (!gone) found((n) => n + 1);
    });
    return () => {
      gone = true;
    };
  }, [id, picture]);
  if (id === '') return 'pearl';
  // Pearl until it is known: a second colour on the way to the right one is one too many.
  return known.get(picture) ?? (picture === '' ? flavourOfId(id) : 'pearl');
}
