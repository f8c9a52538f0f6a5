import { smallArt } from './small-art';
import { smallPicture } from './small-picture';

export const FLAVOURS = ['bubblegum', 'raspberry', 'lime', 'tangerine', 'grape', 'pearl'] as const;
export type Flavour = (typeof FLAVOURS)[number];

/** Degrees of hue up to which a flavour reaches. Grape is narrow: rare on purpose. */
const HUES: readonly (readonly [upTo: number, flavour: Flavour])[] = [
  [12, 'bubblegum'],
  [62, 'tangerine'],
  [165, 'lime'],
  [255, 'raspberry'],
  [285, 'grape'],
  [360, 'bubblegum'],
];
/** Below this, a picture is grey and the plastic stays pearl. */
const LEAST_COLOUR = 0.08;

const GRID = 24;

/**
 * The flavour of a picture: the hue that weighs most when every pixel counts by how colourful it is.
 * @param rgba pixels as a canvas gives them.
 */
export function flavourOfPixels(rgba: Uint8ClampedArray): Flavour {
  const weights = new Map<Flavour, number>();
  let colourful = 0;
  const pixels = rgba.length / 4;
  for (let i = 0; i < rgba.length; i += 4) {
    const r = (rgba[i] ?? 0) / 255;
    const g = (rgba[i + 1] ?? 0) / 255;
    const b = (rgba[i + 2] ?? 0) / 255;
    const high = Math.max(r, g, b);
    const chroma = high - Math.min(r, g, b);
    if (chroma === 0) continue;
    const sector =
      high === r
        ? ((g - b) / chroma + 6) % 6
        : high === g
          ? (b - r) / chroma + 2
          : (r - g) / chroma + 4;
    const flavour = flavourOfHue(sector * 60);
    weights.set(flavour, (weights.get(flavour) ?? 0) + chroma);
    colourful += chroma;
  }
  if (pixels === 0 || colourful / pixels < LEAST_COLOUR) return 'pearl';
  let best: Flavour = 'pearl';
  let most = 0;
  for (const [flavour, weight] of weights) {
    if (weight > most) [best, most] = [flavour, weight];
  }
  return best;
}

export function flavourOfHue(degrees: number): Flavour {
  return HUES.find(([upTo]) => degrees <= upTo)?.[1] ?? 'bubblegum';
}

/** For pictures whose pixels the browser will not show us: the same song, the same flavour, for everybody. */
export function flavourOfId(id: string): Flavour {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return flavourOfHue(hash % 360);
}

/** Looks at a picture, small. Resolves to null where it cannot be loaded or read (another site without CORS). */
export async function flavourOfPicture(url: string): Promise<Flavour | null> {
  const picture = await smallPicture(smallArt(url, GRID), GRID, 'anonymous');
  if (picture === null) return null;
  try {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = GRID;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) return null;
    context.drawImage(picture, 0, 0, GRID, GRID);
    return flavourOfPixels(context.getImageData(0, 0, GRID, GRID).data);
  } catch {
    return null;
  }
}
