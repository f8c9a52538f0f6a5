import { type RefObject, useEffect, useState } from 'react';
import { cellsOf, COLUMNS, edgesOf, fallen, levelsOf, ROWS } from '@/lib/sound/levels';
import { type Ear, listenTo } from '@/lib/sound/listen';

/** No more pictures than this in a second. */
const FRAME_MS = 1000 / 30;
/** One cell of the picture, in its own dots: three of four are lit. */
const CELL = 4;

function draw(canvas: HTMLCanvasElement, cells: readonly number[]): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  canvas.width = COLUMNS * CELL - 1;
  canvas.height = ROWS * CELL - 1;
  context.fillStyle = getComputedStyle(canvas).color;
  cells.forEach((lit, column) => {
    for (let row = 0; row < ROWS; row += 1) {
      // Cells that are off are felt, not seen, as on every display.
      context.globalAlpha = row < lit ? 1 : 0.09;
      context.fillRect(column * CELL, (ROWS - 1 - row) * CELL, CELL - 1, CELL - 1);
    }
  });
}

/**
 * Draws the sound of a medium on a canvas, at most thirty times a second, and not at all while nobody sees it.
 * @returns whether it hears anything: where it cannot listen, the picture must be another.
 */
export function useSoundPicture(
  canvas: RefObject<HTMLCanvasElement | null>,
  medium: HTMLVideoElement | null,
  plays: boolean,
): boolean {
  const [hears, setHears] = useState(false);
  useEffect(() => {
    if (medium === null || !plays) return undefined;
    let ear: Ear | null = null;
    let edges: number[] = [];
    let shown: number[] = [];
    let drawn = '';
    let lastMs = 0;
    let frame = 0;
    const look = (nowMs: number): void => {
      frame = requestAnimationFrame(look);
      if (ear === null || canvas.current === null || nowMs - lastMs < FRAME_MS - 2) return;
      shown = fallen(shown, levelsOf(ear.read(), edges), nowMs - lastMs);
      lastMs = nowMs;
      const cells = shown.map(cellsOf);
      if (cells.join() === drawn) return;
      drawn = cells.join();
      canvas.current.dataset.cells = drawn;
      draw(canvas.current, cells);
    };
    const stop = (): void => {
      cancelAnimationFrame(frame);
      ear?.close();
      ear = null;
    };
    const start = (): void => {
      stop();
      if (document.hidden) return;
      ear = listenTo(medium);
      setHears(ear !== null);
      if (ear === null) return;
      edges = edgesOf(ear.bins, ear.sampleRate);
      frame = requestAnimationFrame(look);
    };
    start();
    medium.addEventListener('playing', start);
    document.addEventListener('visibilitychange', start);
    return () => {
      medium.removeEventListener('playing', start);
      document.removeEventListener('visibilitychange', start);
      stop();
    };
  }, [canvas, medium, plays]);
  return hears && plays;
}
