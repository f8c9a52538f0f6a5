import { useRef } from 'react';
import { useMediaQuery } from '@/lib/use-media-query';
import { Art } from './art';
import { Equaliser } from './equaliser';
import { useSoundPicture } from './use-sound-picture';

interface SoundPictureProps {
  title: string;
  artist: string;
  art: string;
  medium: HTMLVideoElement | null;
  plays: boolean;
}

/** What one sees of a song that has no picture: its cover, its title card, and a display that moves with the sound. */
export default function SoundPicture({ title, artist, art, medium, plays }: SoundPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const calm = useMediaQuery('(prefers-reduced-motion: reduce)');
  const hears = useSoundPicture(canvas, medium, plays && !calm);
  return (
    <>
      <span className="sleeve-art">
        <Art src={art} eager />
      </span>
      <div className="sleeve-side">
        <div className="lcd sound-lcd" aria-hidden="true" data-hears={hears}>
          <canvas ref={canvas} hidden={!hears} />
          {!hears && (
            <span className="sleeve-bars">
              <Equaliser still={calm || !plays} />
              <Equaliser still={calm || !plays} />
              <Equaliser still={calm || !plays} />
            </span>
          )}
        </div>
        <p className="title-card" dir="auto">
          <b>{title}</b>
          <span className="by">{artist}</span>
        </p>
      </div>
    </>
  );
}
