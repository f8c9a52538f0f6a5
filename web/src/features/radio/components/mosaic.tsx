import { useMosaic } from '../hooks/use-mosaic';

interface MosaicProps {
  art: string;
  medium: HTMLVideoElement | null;
  shown: boolean;
}

/** Before somebody joins, the frame is as coarse as the display. Joining sharpens it into the picture. */
export function Mosaic({ art, medium, shown }: MosaicProps) {
  const ref = useMosaic(art, shown ? medium : null);
  return <canvas ref={ref} className="mosaic" data-shown={shown} aria-hidden="true" />;
}
