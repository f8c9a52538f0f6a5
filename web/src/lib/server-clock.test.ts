import { describe, expect, test } from 'vitest';
import { bestOffset, SAMPLES, ServerClock } from './server-clock';

/** A server whose clock is `ahead` of ours, behind a line with these delays there and back. */
function world(ahead: number, delays: readonly (readonly [number, number])[]) {
  let now = 1_000;
  let wallSkew = 0;
  let asked = 0;
  const clock = new ServerClock({ monotonic: () => now, wall: () => now + wallSkew });
  return {
    clock,
    asked: () => asked,
    pass: (ms: number) => {
      now += ms;
    },
    setWall: (skew: number) => {
      wallSkew = skew;
    },
    truth: () => now + ahead,
    ask: () => {
      const [there, back] = delays[asked % delays.length] ?? [0, 0];
      asked += 1;
      now += there;
      const epoch = now + ahead;
      now += back;
      return Promise.resolve(epoch);
    },
  };
}

describe('the offset', () => {
  test('comes from the sample with the least delay', () => {
    const best = bestOffset([
      { sentAt: 0, receivedAt: 200, serverEpochMs: 5_190 },
      { sentAt: 300, receivedAt: 320, serverEpochMs: 5_310 },
      { sentAt: 400, receivedAt: 460, serverEpochMs: 5_460 },
    ]);
    expect(best).toEqual({ delayMs: 20, offsetMs: 5_000 });
  });

  test('leaves out what cannot be', () => {
    expect(bestOffset([{ sentAt: 10, receivedAt: 0, serverEpochMs: 1 }])).toBeNull();
    expect(bestOffset([{ sentAt: 0, receivedAt: 1, serverEpochMs: Number.NaN }])).toBeNull();
    expect(bestOffset([])).toBeNull();
  });
});

describe('the clock', () => {
  test('is right to half the best round trip, however lopsided the line', async () => {
    const { clock, ask, truth, asked } = world(86_400_000, [
      [400, 20],
      [30, 5],
      [90, 300],
    ]);
    await clock.measure(ask);
    expect(asked()).toBe(SAMPLES);
    expect(Math.abs(clock.now() - truth())).toBeLessThanOrEqual(clock.uncertaintyMs ?? 0);
    expect(clock.uncertaintyMs).toBe(17.5);
  });

  test('runs on the monotonic clock: a wall clock set back does no harm', async () => {
    const { clock, ask, truth, setWall, pass } = world(5_000, [[10, 10]]);
    await clock.measure(ask);
    setWall(-3_600_000);
    pass(1_000);
    expect(clock.now()).toBe(truth());
  });

  test('knows that the machine has slept', async () => {
    const { clock, ask, setWall } = world(0, [[1, 1]]);
    await clock.measure(ask);
    expect(clock.suspect).toBe(false);
    setWall(60_000); // the wall clock went on while the monotonic one stood still
    expect(clock.suspect).toBe(true);
    await clock.measure(ask);
    expect(clock.suspect).toBe(false);
  });

  test('keeps what it knew when nobody answers, and asks only once then', async () => {
    const { clock, ask, truth } = world(5_000, [[10, 10]]);
    await clock.measure(ask);
    let tries = 0;
    const silent = () => {
      tries += 1;
      return Promise.reject(new Error('nobody there'));
    };
    await expect(clock.measure(silent)).rejects.toThrow('nobody there');
    expect(tries).toBe(1);
    expect(clock.now()).toBe(truth());
  });

  test('guesses by this machine before the first sample', () => {
    const { clock } = world(5_000, []);
    expect(clock.measured).toBe(false);
    expect(clock.now()).toBe(1_000);
  });
});

test('a guess holds until the time has been measured', async () => {
  const { clock, ask, truth, pass, setWall } = world(5_000_000, [[10, 10]]);
  clock.guess(3_000_000, 1_000);
  setWall(77_000);
  pass(500);
  expect(clock.now()).toBe(3_000_500);
  expect(clock.measured).toBe(false);
  await clock.measure(ask);
  expect(clock.now()).toBe(truth());
});

test('what the browser noted of a question counts, not when a busy page heard of the answer', async () => {
  let now = 0;
  let asked = 0;
  const clock = new ServerClock({
    monotonic: () => now,
    wall: () => now,
    line: () => ({
      between: (from) => ({ sentAt: from + 1, receivedAt: from + 11 }),
      stop: () => undefined,
    }),
  });
  await clock.measure(() => {
    asked += 1;
    const epoch = now + 6 + 1_000_000;
    now += asked === 1 ? 30 : 300; // the page was busy, and heard late
    return Promise.resolve(epoch);
  });
  expect(clock.uncertaintyMs).toBe(5);
  expect(clock.now()).toBe(now + 1_000_000);
});
