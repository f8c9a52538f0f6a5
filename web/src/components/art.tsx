import { useState } from 'react';
import { artSet } from '@/lib/small-art';

interface ArtProps {
  src: string;
  /** Empty for decoration beside a name. */
  alt?: string;
  eager?: boolean;
  /** The side of the square it is shown in, where that is small: then a smaller picture will do. */
  sidePx?: number;
}

/** A cover. The frame stays when the picture cannot be had. */
export function Art({ src, alt = '', eager = false, sidePx }: ArtProps) {
  const [broken, setBroken] = useState<string | null>(null);
  if (src === '' || broken === src) return <span className="no-art" role="presentation" />;
  const set = sidePx === undefined ? undefined : artSet(src);
  // The sizes before the address, or some browsers ask for both.
  return (
    <img
      {...(set !== undefined && { sizes: `${sidePx}px`, srcSet: set })}
      src={src}
      alt={alt}
      loading={eager ? 'eager' : 'lazy'}
      decoding="async"
      draggable={false}
      onError={() => setBroken(src)}
    />
  );
}
