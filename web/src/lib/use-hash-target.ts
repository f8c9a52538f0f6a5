import { type RefObject, useEffect, useRef } from 'react';
import { useLocation } from 'react-router';

/** Brings what the address names after its "#" into sight, once it is there. */
export function useHashTarget<E extends HTMLElement>(id: string | undefined): RefObject<E | null> {
  const ref = useRef<E>(null);
  const { hash, key } = useLocation();
  useEffect(() => {
    if (id === undefined || hash !== `#${id}`) return undefined;
    // After the page has gone to its top, as it does for every new address.
    const frame = requestAnimationFrame(() => ref.current?.scrollIntoView({ block: 'center' }));
    return () => cancelAnimationFrame(frame);
  }, [id, hash, key]);
  return ref;
}
