import { expect, test } from 'vitest';
import { artSet, smallArt } from './small-art';

const OURS = '/api/media/507f1f77bcf86cd799439011/art?v=0123456789abcdef';

test('the station’s covers are asked for in the smallest size that fills the square', () => {
  expect(smallArt(OURS, 64)).toBe(`${OURS}&w=96`);
  expect(smallArt(OURS, 97)).toBe(`${OURS}&w=160`);
  expect(smallArt(OURS, 320)).toBe(`${OURS}&w=320`);
  expect(smallArt(OURS, 321)).toBe(OURS);
});

test.each([OURS, OURS.replace('/art', '/cover'), `https://media.example${OURS}`])(
  'the browser chooses among the sizes of %s',
  (address) => {
    expect(artSet(address)).toBe(
      `${address}&w=96 96w, ${address}&w=160 160w, ${address}&w=320 320w, ${address} 600w`,
    );
  },
);

test.each(['', 'https://covers.example/1.jpg', '/pictures/art?v=1', 'data:image/png;base64,AA'])(
  'another picture has one size: %s',
  (address) => {
    expect(artSet(address)).toBeUndefined();
    expect(smallArt(address, 96)).toBe(address);
  },
);
