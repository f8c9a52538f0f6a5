import { expect, test } from 'vitest';
import { FLAVOURS, flavourOfHue, flavourOfId, flavourOfPixels } from './flavour';

const pixels = (...colours: [number, number, number][]): Uint8ClampedArray =>
  new Uint8ClampedArray(colours.flatMap(([r, g, b]) => [r, g, b, 255]));

test.each([
  ['pink', [255, 80, 160], 'bubblegum'],
  ['orange', [255, 150, 40], 'tangerine'],
  ['green', [120, 220, 60], 'lime'],
  ['sky', [60, 160, 240], 'raspberry'],
  ['violet', [140, 80, 230], 'grape'],
  ['red', [220, 20, 20], 'bubblegum'],
] as const)('%s tastes of its own', (_, [r, g, b], flavour) => {
  expect(flavourOfPixels(pixels([r, g, b]))).toBe(flavour);
});

test('a grey picture, or none, stays pearl', () => {
  expect(flavourOfPixels(pixels([10, 10, 12], [200, 200, 200]))).toBe('pearl');
  expect(flavourOfPixels(new Uint8ClampedArray())).toBe('pearl');
});

test('the colourful part decides, not the large dull one', () => {
  const sky: [number, number, number] = [150, 160, 170];
  expect(flavourOfPixels(pixels(sky, sky, sky, sky, [255, 0, 130]))).toBe('bubblegum');
});

test('every hue has a flavour, and the same song the same one', () => {
  for (let hue = 0; hue <= 360; hue += 1) expect(FLAVOURS).toContain(flavourOfHue(hue));
  expect(flavourOfId('507f1f77bcf86cd799439011')).toBe(flavourOfId('507f1f77bcf86cd799439011'));
});
