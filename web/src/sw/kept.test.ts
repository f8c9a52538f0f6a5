import { describe, expect, it } from 'vitest';
import { isArt, isPage } from './kept';

describe('what the service worker answers', () => {
  it.each([
    '/',
    '/songs',
    '/songs/65f1c0a2b3d4e5f6a7b8c9d0',
    '/playlists/featured',
    '/history',
    '/mine',
    '/about',
    '/offline',
  ])('takes %s for a page of the app', (path) => expect(isPage(path)).toBe(true));

  it.each([
    '/v1/songs',
    '/api/songs',
    '/docs',
    '/docs/app.js',
    '/openapi.json',
    '/health',
    '/embed',
    '/studio',
    '/songs/a/b',
    '/sw.js',
  ])('leaves %s to the station', (path) => expect(isPage(path)).toBe(false));

  const origin = 'https://radio.example';
  it.each([
    ['image', '/api/media/65f1c0a2b3d4e5f6a7b8c9d0/art?v=1', true],
    ['image', '/v1/media/65f1c0a2b3d4e5f6a7b8c9d0/cover', true],
    ['video', '/api/media/65f1c0a2b3d4e5f6a7b8c9d0/video', false],
    ['audio', '/api/media/65f1c0a2b3d4e5f6a7b8c9d0/audio', false],
    ['', '/v1/radio/stream', false],
    ['image', '/icon-192.png', false],
    ['image', 'https://elsewhere.example/api/media/x/art', false],
  ])('keeps a %s at %s: %s', (destination, address, kept) =>
    expect(isArt(destination, new URL(address, origin), origin)).toBe(kept),
  );
});
