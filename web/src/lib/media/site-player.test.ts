import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SitePlayer } from './site-player';
import { readNews, TALKS } from './site-talk';

let now: number;
let said: string[];
let told: string[];
let player: SitePlayer;

function open(controls = false): void {
  now = 0;
  said = [];
  told = [];
  player = new SitePlayer({
    talk: TALKS.youtube,
    say: (message) => said.push((message as { func: string }).func),
    controls,
    now: () => now,
  });
  for (const type of ['loadedmetadata', 'playing', 'waiting', 'seeked', 'pause', 'ended', 'error'])
    player.addEventListener(type, () => told.push(type));
}
beforeEach(() => {
  vi.useFakeTimers();
  open();
});
afterEach(() => {
  vi.useRealTimers();
});

const ready = (): void => player.hear({ ready: true, duration: 200, time: 0 });

describe('before the frame can listen', () => {
  test('nothing is said into it, and it has nothing', () => {
    player.volume = 0.5;
    player.currentTime = 40;
    void player.play().catch(() => undefined);
    expect(said).toEqual([]);
    expect(player.readyState).toBe(0);
  });

  test('what it was asked is said once it can', () => {
    player.muted = true;
    player.currentTime = 40;
    void player.play().catch(() => undefined);
    ready();
    expect(said).toEqual(['setVolume', 'mute', 'seekTo', 'playVideo']);
    expect(told).toContain('loadedmetadata');
    expect(player.paused).toBe(false);
  });
});

describe('while it plays', () => {
  beforeEach(async () => {
    ready();
    const started = player.play();
    player.hear({ state: 'playing', time: 3 });
    await started;
    said.length = 0;
    told.length = 0;
  });

  test('the time goes on between two messages, and a message puts it right', () => {
    now = 400;
    expect(player.currentTime).toBeCloseTo(3.4);
    player.hear({ time: 3.3 });
    expect(player.currentTime).toBeCloseTo(3.3);
    expect(player.readyState).toBe(4);
  });

  test('waiting stops the time', () => {
    now = 500;
    player.hear({ state: 'waiting' });
    now = 2_000;
    expect(player.currentTime).toBeCloseTo(3.5);
    expect(player.readyState).toBe(2);
  });

  test('a seek lasts until it speaks of the new place', () => {
    player.currentTime = 90;
    expect(player.seeking).toBe(true);
    expect(player.currentTime).toBe(90);
    player.hear({ time: 3.6 });
    expect(player.seeking).toBe(true);
    player.hear({ time: 90.1 });
    expect(player.seeking).toBe(false);
    expect(told).toEqual(['seeked']);
  });

  test('a seek that never lands ends by itself', () => {
    player.currentTime = 90;
    now = 6_000;
    expect(player.seeking).toBe(false);
    player.hear({ time: 9 });
    expect(player.currentTime).toBeCloseTo(9);
  });

  test('its end and its errors are told', () => {
    player.hear({ state: 'ended' });
    expect(player.ended).toBe(true);
    player.hear({ failed: true });
    expect(player.error?.code).toBe(4);
    expect(player.readyState).toBe(0);
    expect(told).toEqual(['ended', 'error']);
  });

  test('what somebody paused inside the frame is paused', () => {
    player.hear({ state: 'paused' });
    expect(player.paused).toBe(true);
    expect(told).toEqual(['pause']);
  });
});

describe('the start', () => {
  test('is refused when nothing shows for a while', async () => {
    ready();
    const started = player.play();
    const refused = expect(started).rejects.toMatchObject({ name: 'NotAllowedError' });
    await vi.advanceTimersByTimeAsync(8_000);
    await refused;
    expect(player.paused).toBe(true);
  });

  test('is not refused while data comes', async () => {
    ready();
    const started = player.play();
    player.hear({ state: 'waiting' });
    await vi.advanceTimersByTimeAsync(60_000);
    player.hear({ state: 'playing' });
    await expect(started).resolves.toBeUndefined();
  });

  test('that nobody asked for is stopped, unless the keys are the site’s', () => {
    ready();
    player.hear({ state: 'playing' });
    expect(said.at(-1)).toBe('pauseVideo');
    expect(told).not.toContain('playing');
    open(true);
    ready();
    player.hear({ state: 'playing' });
    expect(told).toContain('playing');
    expect(player.paused).toBe(false);
  });

  test('ends with the frame', async () => {
    const started = player.play();
    player.close();
    await expect(started).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('what frames say', () => {
  const { youtube, vimeo } = TALKS;
  test.each([
    [youtube, { event: 'initialDelivery', info: {} }, { ready: true }],
    [youtube, { event: 'infoDelivery', info: { playerState: 1 } }, { state: 'playing' }],
    [youtube, { event: 'infoDelivery', info: { playerState: 3 } }, { state: 'waiting' }],
    [
      youtube,
      { event: 'infoDelivery', info: { currentTime: 3, duration: 9 } },
      { time: 3, duration: 9 },
    ],
    [youtube, { event: 'infoDelivery', info: { duration: 0, currentTime: 'x' } }, {}],
    [youtube, { event: 'infoDelivery', info: null }, null],
    [youtube, { event: 'onError', info: 150 }, { failed: true }],
    [youtube, { event: 'onAutoplayBlocked' }, { refused: true }],
    [vimeo, { event: 'ready' }, { ready: true }],
    [vimeo, { method: 'getDuration', value: 9 }, { ready: true, duration: 9 }],
    [vimeo, { event: 'timeupdate', data: { seconds: 3, duration: 9 } }, { time: 3, duration: 9 }],
    [vimeo, { event: 'bufferstart' }, { state: 'waiting' }],
    [vimeo, { event: 'ended', data: { seconds: 9 } }, { state: 'ended', time: 9 }],
    [
      vimeo,
      { event: 'error', data: { name: 'NotAllowedError', method: 'play' } },
      { refused: true },
    ],
    [vimeo, { event: 'error', data: { name: 'RangeError', method: 'setCurrentTime' } }, null],
    [vimeo, { event: 'error', data: { name: 'PrivacyError' } }, { failed: true }],
    [vimeo, { event: 'qualitychange' }, null],
  ])('%# %o', (talk, message, news) => {
    expect(readNews(talk, JSON.stringify(message))).toEqual(news);
    expect(readNews(talk, message)).toEqual(news);
  });

  test.each(['', '{', 'null', '1', undefined])('%j says nothing', (data) => {
    expect(readNews(youtube, data)).toBeNull();
    expect(readNews(vimeo, data)).toBeNull();
  });

  test('frames are opened on the sites’ own hosts, without cookies or tracks', () => {
    const youtubeUrl = new URL(
      youtube.address({ by: 'site', site: 'youtube', id: 'x' }, 'https://radio.example', false),
    );
    expect(youtubeUrl.origin).toBe(youtube.origin);
    expect(Object.fromEntries(youtubeUrl.searchParams)).toMatchObject({
      enablejsapi: '1',
      origin: 'https://radio.example',
      controls: '0',
    });
    const vimeoUrl = new URL(
      vimeo.address({ by: 'site', site: 'vimeo', id: '7', key: 'k' }, 'https://r.example', true),
    );
    expect(vimeoUrl.origin).toBe(vimeo.origin);
    expect(Object.fromEntries(vimeoUrl.searchParams)).toMatchObject({ dnt: '1', h: 'k' });
    expect(vimeoUrl.searchParams.has('controls')).toBe(false);
  });
});
