import { beforeEach, describe, expect, test } from 'vitest';
import type { Medium } from '@/lib/media/medium';
import { FakeMedium } from '@/testing/fake-medium';
import { aSlot } from '@/testing/songs';
import type { RadioStream } from '../api/get-radio-stream';
import { TICK_MS } from './pace';
import { StationPlayer } from './station-player';

let now: number;
let media: [FakeMedium, FakeMedium];
let player: StationPlayer;

const stream = (first = 0, over: Partial<RadioStream> = {}): RadioStream => ({
  nowPlaying: aSlot(first),
  queue: [1, 2, 3, 4, 5].map((n) => aSlot(first + n)),
  serverTime: 0,
  listeners: 1,
  playlistId: null,
  skip: { policy: 'vote', votes: 0, needed: 1, voted: false },
  ...over,
});

beforeEach(() => {
  now = 20_000; // twenty seconds into the first song
  media = [new FakeMedium(), new FakeMedium()];
  player = new StationPlayer({
    clock: { now: () => now },
  });
  player.attach(0, media[0] as unknown as Medium);
  player.attach(1, media[1] as unknown as Medium);
});

const onAir = (): FakeMedium => media[player.snapshot().active];
const off = (): number => onAir().currentTime * 1000 - (now % 60_000);

/** Lets the world go on. Media arrive at once. */
function pass(ms: number): void {
  for (let gone = 0; gone < ms; gone += TICK_MS) {
    now += TICK_MS;
    for (const medium of media) {
      medium.pass(TICK_MS);
      if (medium.src !== '' && medium.readyState === 0) medium.arrive();
    }
    player.tick();
  }
}
async function joined(): Promise<void> {
  player.setStream(stream());
  onAir().arrive();
  await player.join();
  pass(1_000);
}

describe('sound alone, to spare data', () => {
  const both = () => stream(0, { nowPlaying: aSlot(0, { audioUrl: '/sound' }) });

  test('what plays changes over at the second where everybody is, and back', async () => {
    player.setStream(both());
    onAir().arrive();
    await player.join();
    pass(1_000);
    expect(onAir().src).toContain('/video');
    player.setSoundOnly(true);
    expect(onAir().src).toBe('/sound');
    pass(2_000);
    expect(player.snapshot()).toMatchObject({ kind: 'audio', joined: true });
    expect(Math.abs(off())).toBeLessThan(200);
    player.setSoundOnly(false);
    expect(onAir().src).toContain('/video');
  });

  test('a song that has no sound of its own plays on untouched', async () => {
    await joined();
    const { loads } = onAir();
    player.setSoundOnly(true);
    expect(onAir().loads).toBe(loads);
  });
});

test('who leaves is silent at once, and comes back where everybody is by then', async () => {
  await joined();
  player.leave();
  expect(onAir().paused).toBe(true);
  expect(player.snapshot()).toMatchObject({ joined: false, phase: 'ready' });
  pass(10_000);
  expect(onAir().paused).toBe(true);
  await player.join();
  pass(1_000);
  expect(onAir().paused).toBe(false);
  expect(Math.abs(off())).toBeLessThan(200);
});

test('a medium with one pace is left alone up to a point, and then sought', async () => {
  for (const medium of media) medium.seekOnly = true;
  await joined();
  pass(6_000);
  onAir().currentTime -= 0.5;
  const seeks = onAir().seeks.length;
  pass(3_000);
  expect(onAir().seeks).toHaveLength(seeks);
  expect(onAir().playbackRate).toBe(1);
  onAir().currentTime -= 0.6;
  pass(1_000);
  expect(onAir().seeks.length).toBeGreaterThan(seeks + 1);
  expect(Math.abs(off())).toBeLessThan(750);
});
