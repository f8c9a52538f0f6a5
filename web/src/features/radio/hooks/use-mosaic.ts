import { type RefObject, useEffect, useRef } from 'react';
import { smallArt } from '@/lib/small-art';
import { smallPicture } from '@/lib/small-picture';

const WIDTH = 64;
const HEIGHT = 36;

/** Draws a picture so that it covers the canvas, as `object-fit: cover` would. */
function drawCover(
  context: CanvasRenderingContext2D,
  source: CanvasImageSource,
  w: number,
  h: number,
): void {
  if (w === 0 || h === 0) return;
  const scale = Math.max(WIDTH / w, HEIGHT / h);
  context.drawImage(
    source,
    (WIDTH - w * scale) / 2,
    (HEIGHT - h * scale) / 2,
    w * scale,
    h * scale,
  );
}

/** A canvas of 64 by 36 dots with the cover, and with the frame of this second as soon as the medium has it. */
export function useMosaic(
  art: string,
  medium: HTMLVideoElement | null,
): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    element.width = WIDTH;
    element.height = HEIGHT;
    const context = element.getContext('2d');
    if (context === null) return undefined;
    let framed = false;
    let gone = false;
    if (art !== '')
      void smallPicture(smallArt(art, WIDTH), WIDTH).then((cover) => {
        if (cover !== null && !framed && !gone)
          drawCover(context, cover, cover.width, cover.height);
      });
    const frame = (): void => {
      if (medium === null || medium.videoWidth === 0 || medium.seeking) return;
      framed = true;
      drawCover(context, medium, medium.videoWidth, medium.videoHeight);
    };
    frame();
    medium?.addEventListener('loadeddata', frame);
    medium?.addEventListener('seeked', frame);
    return () => {
      gone = true;
      medium?.removeEventListener('loadeddata', frame);
      medium?.removeEventListener('seeked', frame);
    };
  }, [art, medium]);
  return canvas;
}
