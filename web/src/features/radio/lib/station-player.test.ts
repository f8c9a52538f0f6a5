import { beforeEach, describe, expect, test } from 'vitest';
import type { Medium } from '@/lib/media/medium';
import { FakeMedium } from '@/testing/fake-medium';
import { aSlot } from '@/testing/songs';
import type { RadioStream } from '../api/get-radio-stream';
import { TICK_MS } from './pace';
import { REST_MS } from './stall-guard';
import { StationPlayer } from './station-player';

let now: number;
let media: [FakeMedium, FakeMedium];
let player: StationPlayer;
let listened: Map<number, number>;

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
  listened = new Map();
  player = new StationPlayer({
    clock: { now: () => now },
    onListening: ({ seq }, ms) => listened.set(seq, (listened.get(seq) ?? 0) + ms),
  });
  player.attach(0, media[0] as unknown as Medium);
  player.attach(1, media[1] as unknown as Medium);
});

const onAir = (): FakeMedium => media[player.snapshot().active];
const idle = (): FakeMedium => media[player.snapshot().active === 0 ? 1 : 0];
const off = (): number => onAir().currentTime * 1000 - (now % 60_000);
const settle = (): Promise<void> => new Promise((done) => setTimeout(done));

/** Lets the world go on. Media arrive at once unless told otherwise. */
function pass(ms: number, { arrives = true } = {}): void {
  for (let gone = 0; gone < ms; gone += TICK_MS) {
    now += TICK_MS;
    for (const medium of media) {
      medium.pass(TICK_MS);
      if (arrives && medium.src !== '' && medium.readyState === 0) medium.arrive();
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

describe('before joining', () => {
  test('shows the frame of this second and fetches no more than it needs', () => {
    player.setStream(stream());
    expect(onAir().preload).toBe('metadata');
    onAir().arrive();
    expect(onAir().seeks).toEqual([20]);
    expect(onAir().paused).toBe(true);
    pass(5_000);
    expect(onAir().plays).toBe(0);
    expect(idle().src).toBe('');
    expect(player.snapshot()).toMatchObject({ phase: 'ready', joined: false });
  });

  test('follows the station to the next song without a sound', () => {
    player.setStream(stream());
    pass(45_000);
    expect(onAir().src).toContain(aSlot(1)._id);
    expect(onAir().plays).toBe(0);
  });
});

describe('joining', () => {
  test('lands where everybody is', async () => {
    await joined();
    expect(onAir().paused).toBe(false);
    expect(Math.abs(off())).toBeLessThan(300);
    pass(15_000);
    expect(Math.abs(off())).toBeLessThan(80);
    expect(player.snapshot()).toMatchObject({ phase: 'playing', joined: true, showsPicture: true });
  });

  test('a refused start leaves the invitation, and the next tap works', async () => {
    player.setStream(stream());
    onAir().arrive();
    onAir().refuse = 'everything';
    await expect(player.join()).resolves.toBe(false);
    expect(player.snapshot()).toMatchObject({ joined: false, phase: 'ready' });
    onAir().refuse = null;
    await expect(player.join()).resolves.toBe(true);
    pass(500);
    expect(onAir().paused).toBe(false);
  });

  test('when sound is refused later on, goes on in silence and says so', async () => {
    await joined();
    for (const medium of media) medium.refuse = 'sound';
    pass(45_000); // into the next song
    await settle();
    expect(player.snapshot()).toMatchObject({ joined: true, silenced: true, muted: true });
    expect(onAir().paused).toBe(false);
    for (const medium of media) medium.refuse = null;
    player.unmute();
    expect(player.snapshot()).toMatchObject({ silenced: false, muted: false });
    expect(onAir().muted).toBe(false);
  });
});

describe('staying in step', () => {
  test.each([0.5, -0.5, 1.2, -1.2])(
    '%d s off is caught up by the rate, without a seek',
    async (seconds) => {
      await joined();
      pass(5_000);
      const medium = onAir();
      medium.currentTime += seconds;
      medium.seeks = [];
      pass(250);
      expect(player.snapshot().phase).toBe('catching-up');
      expect(medium.playbackRate).not.toBe(1);
      now = 20_000 + (now % 60_000) - 20_000; // stay in this song
      for (let i = 0; i < 120 && Math.abs(off()) > 10; i += 1) pass(250);
      expect(medium.seeks).toEqual([]);
      pass(500);
      expect(medium.playbackRate).toBe(1);
      expect(player.snapshot().phase).toBe('playing');
    },
  );

  test('a leap of many seconds is one seek, not a stutter of them', async () => {
    await joined();
    pass(5_000);
    const medium = onAir();
    medium.currentTime -= 12;
    medium.seeks = [];
    pass(2_000);
    expect(medium.seeks).toHaveLength(1);
    expect(Math.abs(off())).toBeLessThan(1_500);
  });

  test('a line that stops is waited for, and then followed', async () => {
    await joined();
    pass(1_000);
    onAir().starve();
    pass(6_000, { arrives: false });
    expect(player.snapshot().phase).toBe('catching-up');
    onAir().arrive();
    pass(30_000);
    expect(player.snapshot().phase).toBe('playing');
    expect(Math.abs(off())).toBeLessThan(80);
  });
});

describe('a line that stalls again and again', () => {
  const stall = (): void => {
    onAir().starve();
    pass(500, { arrives: false });
    onAir().readyState = 4;
    pass(1_500);
  };

  test('is not chased any more for a while, and then is', async () => {
    await joined();
    pass(3_000);
    for (let i = 0; i < 3; i += 1) stall();
    const medium = onAir();
    pass(8_000);
    expect(Math.abs(off())).toBeGreaterThan(500);
    expect(medium.playbackRate).toBe(1);
    expect(player.snapshot().phase).toBe('catching-up');
    medium.currentTime -= 5;
    medium.seeks = [];
    pass(2_000);
    expect(medium.seeks).toEqual([]);
    pass(REST_MS - 10_000);
    expect(medium.seeks).toHaveLength(1);
    expect(Math.abs(off())).toBeLessThan(1_500);
  });

  test('two stalls are followed up', async () => {
    await joined();
    pass(3_000);
    for (let i = 0; i < 2; i += 1) stall();
    pass(25_000);
    expect(Math.abs(off())).toBeLessThan(80);
  });
});

describe('the next song', () => {
  test('is fetched early, once the one on air has settled in, so that a skip finds it there', async () => {
    await joined();
    pass(2_000);
    expect(idle().src).toBe('');
    pass(5_000);
    expect(idle().src).toContain(aSlot(1)._id);
    expect(idle().plays).toBe(0);
  });

  test('is roused once from its rest, shortly before it begins', async () => {
    await joined();
    pass(60_000 - now - 4_250);
    expect(idle().seeks).toEqual([]);
    pass(3_000);
    expect(idle().seeks).toEqual([0]);
    expect(idle().plays).toBe(0);
  });

  test('is begun by as much ahead as this machine needs, and learns how much', async () => {
    await joined();
    let worst = 0;
    for (let song = 1; song <= 4; song += 1) {
      pass(song * 60_000 - now - 500);
      const next = idle();
      let begins = Infinity; // an element begins 200 ms after it was told to
      for (let ms = 0; ms < 1_500; ms += 10) {
        now += 10;
        const wasPaused = next.paused;
        player.tick();
        if (wasPaused && !next.paused) begins = now + 200;
        if (now > begins) next.pass(10);
        if (song === 4 && now >= song * 60_000 + 250)
          worst = Math.max(worst, Math.abs(next.currentTime * 1000 - (now % 60_000)));
      }
      expect(next.muted).toBe(false);
    }
    expect(worst).toBeLessThan(60);
  });

  test('that comes on air late begins where everybody is, by one seek', async () => {
    await joined();
    pass(7_000);
    const cut = now - 700; // it was skipped that long ago
    player.setStream(
      stream(1, {
        nowPlaying: aSlot(1, { startedAt: cut, endsAt: cut + 60_000 }),
        queue: [],
      }),
    );
    pass(500);
    expect(onAir().seeks.filter((seconds) => seconds > 0)).toHaveLength(1);
    expect(Math.abs(onAir().currentTime * 1000 - (now - cut))).toBeLessThan(200);
  });

  test('is brought closer than the ear asks for, and then left alone', async () => {
    await joined();
    pass(60_000 - now + 250);
    onAir().currentTime -= 0.07;
    pass(10_000);
    expect(Math.abs(off())).toBeLessThan(30);
    onAir().currentTime -= 0.04;
    const before = off();
    pass(5_000);
    expect(off()).toBeCloseTo(before);
  });

  test('is ready before it starts, and starts on the other element at its first note', async () => {
    await joined();
    const first = onAir();
    pass(16_000);
    expect(idle().src).toContain(aSlot(1)._id);
    expect(idle().paused).toBe(true);
    expect(idle().muted).toBe(true);
    const next = idle();
    pass(60_000 - now);
    expect(onAir()).toBe(next);
    expect(next.muted).toBe(false);
    expect(first.src).toBe('');
    pass(1_000);
    expect(next.paused).toBe(false);
    expect(Math.abs(off())).toBeLessThan(400);
    expect(next.seeks.filter((seconds) => seconds > 2)).toEqual([]);
  });

  test('comes by itself for as long as the queue is known, also without a new answer', async () => {
    await joined();
    pass(5 * 60_000);
    expect(onAir().src).toContain(aSlot(5)._id);
    pass(60_000);
    expect(player.snapshot().phase).toBe('idle');
  });

  test('a skip is followed at once', async () => {
    await joined();
    const cut = now;
    player.setStream(
      stream(0, {
        nowPlaying: aSlot(7, { startedAt: cut, endsAt: cut + 60_000 }),
        queue: [],
      }),
    );
    onAir().arrive();
    pass(500);
    expect(onAir().src).toContain(aSlot(7)._id);
    expect(onAir().currentTime).toBeLessThan(1);
  });

  test('a medium shorter than its slot stands on its last picture', async () => {
    media.forEach((medium) => Object.assign(medium, { length: 30 }));
    await joined();
    pass(20_000);
    expect(onAir().ended).toBe(true);
    expect(player.snapshot()).toMatchObject({ phase: 'playing', showsPicture: true });
    const { plays } = onAir();
    pass(5_000);
    expect(onAir().plays).toBe(plays);
  });
});

describe('a source that fails', () => {
  test('gives way to the sound alone, if there is some', async () => {
    player.setStream(stream(0, { nowPlaying: aSlot(0, { audioUrl: '/sound.mp3' }) }));
    await player.join();
    onAir().fail();
    expect(onAir().src).toBe('/sound.mp3');
    pass(1_000);
    expect(player.snapshot()).toMatchObject({
      kind: 'audio',
      showsPicture: false,
      phase: 'playing',
    });
  });

  test('is said so, and the next song plays', async () => {
    player.setStream(stream());
    await player.join();
    onAir().fail();
    pass(500);
    expect(player.snapshot()).toMatchObject({ phase: 'failed', joined: true });
    pass(60_000 - now + 1_000);
    expect(player.snapshot().phase).not.toBe('failed');
    expect(onAir().paused).toBe(false);
  });

  test('a song for which there is nothing to open is said so at once', async () => {
    player.setStream(stream(0, { nowPlaying: aSlot(0, { videoUrl: 'https://youtu.be/x' }) }));
    await player.join();
    pass(250);
    expect(player.snapshot().phase).toBe('failed');
  });

  test('silence of a quarter of a minute is said so too', async () => {
    player.setStream(stream());
    await player.join();
    pass(10_000, { arrives: false });
    expect(player.snapshot().phase).toBe('tuning');
    pass(8_000, { arrives: false });
    expect(player.snapshot().phase).toBe('failed');
  });
});

describe('listening', () => {
  test('is counted while it sounds, per song', async () => {
    await joined();
    pass(10_000);
    expect(listened.get(0)).toBeGreaterThanOrEqual(9_500);
    expect(listened.get(0)).toBeLessThanOrEqual(11_000);
  });

  test('is not counted before joining, while nothing comes, or after it failed', async () => {
    player.setStream(stream());
    pass(10_000);
    expect(listened.size).toBe(0);
    await player.join();
    onAir().starve();
    pass(5_000, { arrives: false });
    expect(listened.get(0) ?? 0).toBeLessThan(500);
    onAir().fail();
    pass(5_000);
    expect(listened.get(0) ?? 0).toBeLessThan(500);
  });
});

test('volume and mute reach the element on air, and only that one sounds', async () => {
  player.setSound(0.4, false);
  await joined();
  expect(onAir()).toMatchObject({ volume: 0.4, muted: false });
  expect(idle().muted).toBe(true);
  player.setSound(0.4, true);
  expect(onAir().muted).toBe(true);
});

test('an empty station lets go of everything', async () => {
  await joined();
  player.setStream(stream(0, { nowPlaying: null, queue: [] }));
  expect(media.map((medium) => medium.src)).toEqual(['', '']);
  expect(player.snapshot().phase).toBe('idle');
});
