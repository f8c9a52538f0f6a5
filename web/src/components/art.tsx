import { useState } from 'react';

interface ArtProps {
  src: string;
  /** Empty for decoration beside a name. */
  alt?: string;
  eager?: boolean;
}

/** A cover. The frame stays when the picture cannot be had. */
export function Art({ src, alt = '', eager = false }: ArtProps) {
  const [broken, setBroken] = useState<string | null>(null);
  if (src === '' || broken === src) return <span className="no-art" role="presentation" />;
  return (
    <img
      src={src}
      alt={alt}
      loading={eager ? 'eager' : 'lazy'}
      decoding="async"
      draggable={false}
      onError={() => setBroken(src)}
    />
  );
}
