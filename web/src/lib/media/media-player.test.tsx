import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeMedium } from '@/testing/fake-medium';
import { type Fetched, MediaPlayer } from './media-player';
import { MEDIA_ERR_NETWORK } from './medium';
import type { SitePlayer } from './site-player';

/** What was fetched, and what is pressed on it. */
let site: FakeMedium & { closed: boolean; close: () => void };
let hls: { address: string; detached: boolean; fail: (code: number) => void } | null;
let fetched: { [Key in keyof Fetched]: ReturnType<typeof vi.fn> };
let video: HTMLVideoElement;
let plays: ReturnType<typeof vi.spyOn>;
let host: HTMLElement;
let medium: MediaPlayer;
let told: string[];

beforeEach(() => {
  video = document.createElement('video');
  host = document.createElement('div');
  vi.spyOn(video, 'load').mockImplementation(() => undefined);
  vi.spyOn(video, 'pause').mockImplementation(() => undefined);
  plays = vi.spyOn(video, 'play').mockResolvedValue();
  const fake = Object.assign(new FakeMedium(), { closed: false, close: () => undefined as void });
  fake.close = () => {
    fake.closed = true;
  };
  site = fake;
  hls = null;
  fetched = {
    hls: vi.fn(() =>
      Promise.resolve({
        attachHls: (_: HTMLVideoElement, address: string, fail: (code: number) => void) => {
          const attached = { address, detached: false, fail };
          hls = attached;
          return { detach: () => void (attached.detached = true) };
        },
      }),
    ),
    site: vi.fn(() => Promise.resolve({ openSite: () => site as unknown as SitePlayer })),
  };
  medium = new MediaPlayer(video, host, { fetched: fetched as unknown as Fetched });
  told = [];
  for (const type of ['playing', 'error', 'loadedmetadata'])
    medium.addEventListener(type, () => told.push(type));
});

function load(address: string, preload: 'metadata' | 'auto' = 'auto'): void {
  medium.src = address;
  medium.preload = preload;
  medium.load();
}

describe('a file', () => {
  test('is the element’s own, and fetches nothing else', async () => {
    load('/a.mp4', 'metadata');
    expect(video.getAttribute('src')).toBe('/a.mp4');
    expect(video.preload).toBe('metadata');
    await medium.play();
    expect(plays).toHaveBeenCalled();
    video.dispatchEvent(new Event('playing'));
    expect(told).toEqual(['playing']);
    expect(fetched.hls).not.toHaveBeenCalled();
    expect(fetched.site).not.toHaveBeenCalled();
    expect(medium.seekOnly).toBe(false);
  });
});

describe('a list', () => {
  test('fetches its player when it is to play, not to look at the page', async () => {
    load('https://cdn.example/a.m3u8', 'metadata');
    expect(fetched.hls).not.toHaveBeenCalled();
    expect(medium.readyState).toBe(0);
    await medium.play();
    expect(hls?.address).toBe('https://cdn.example/a.m3u8');
    expect(plays).toHaveBeenCalled();
  });

  test('is left to a browser that plays lists whole', () => {
    vi.spyOn(video, 'canPlayType').mockReturnValue('maybe');
    load('/a.m3u8');
    expect(video.getAttribute('src')).toBe('/a.m3u8');
    expect(fetched.hls).not.toHaveBeenCalled();
  });

  test('that fails says so, and is let go', async () => {
    load('/a.m3u8');
    await vi.waitFor(() => expect(hls).not.toBeNull());
    hls?.fail(4);
    expect(medium.error?.code).toBe(4);
    expect(told).toEqual(['error']);
    expect(hls?.detached).toBe(true);
    load('/b.mp4');
    expect(medium.error).toBeFalsy();
  });

  test('that was replaced before its player came is not played', async () => {
    load('/a.m3u8');
    load('/b.mp4');
    await Promise.resolve();
    await new Promise((done) => setTimeout(done));
    expect(hls).toBeNull();
    expect(video.getAttribute('src')).toBe('/b.mp4');
  });

  test('whose player cannot be fetched counts as a line that broke', async () => {
    fetched.hls.mockRejectedValue(new Error('offline'));
    load('/a.m3u8');
    await vi.waitFor(() => expect(medium.error?.code).toBe(MEDIA_ERR_NETWORK));
  });
});

describe('a video of another site', () => {
  const LINK = 'https://youtu.be/dQw4w9WgXcQ';

  test('takes over what the element was told', async () => {
    medium.volume = 0.3;
    medium.muted = true;
    load(LINK);
    await vi.waitFor(() => expect(site.volume).toBe(0.3));
    expect(site.muted).toBe(true);
    expect(medium.inFrame).toBe(true);
    expect(medium.seekOnly).toBe(true);
    site.src = LINK;
    site.arrive();
    expect(medium.duration).toBe(60);
    expect(told).toEqual(['loadedmetadata']);
    medium.currentTime = 12;
    expect(site.seeks).toEqual([12]);
  });

  test('what the element says beside it is not heard', async () => {
    load(LINK);
    await vi.waitFor(() => expect(fetched.site).toHaveBeenCalled());
    video.dispatchEvent(new Event('playing'));
    expect(told).toEqual([]);
  });

  test('is closed when something else is loaded', async () => {
    load(LINK);
    await medium.play();
    load('/b.mp4');
    expect(site.closed).toBe(true);
    expect(medium.inFrame).toBe(false);
  });

  test('a page of the site that is no video fails', async () => {
    load('https://www.youtube.com/@somebody');
    await vi.waitFor(() => expect(told).toEqual(['error']));
  });
});
