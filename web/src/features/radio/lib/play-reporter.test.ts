import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError, UnreachableError } from '@/lib/api/api-error';
import { keptStrings } from '@/lib/storage';
import { isUuid } from '@/lib/uuid';
import { aSlot } from '@/testing/songs';
import { HEARD_MS, PlayReporter, SPREAD_MS } from './play-reporter';

type Report = (songId: string, key: string) => Promise<unknown>;

const memory = () =>
  keptStrings(() => {
    throw new Error('no storage here');
  });
let timers: { run: () => void; ms: number }[];
let kept: ReturnType<typeof memory>;

beforeEach(() => {
  timers = [];
  kept = memory();
});

const reporter = (report: Report, random = 0.5) =>
  new PlayReporter({
    report,
    kept,
    random: () => random,
    setTimer: (run, ms) => timers.push({ run, ms }),
  });
const due = (): void => timers.splice(0).forEach(({ run }) => run());
const settle = (): Promise<void> => new Promise((done) => setTimeout(done));
const hear = (one: PlayReporter, seq: number, ms: number): void => {
  for (let heard = 0; heard < ms; heard += 250) one.listened(aSlot(seq), 250);
};

describe('a play', () => {
  test('is posted once, after ten seconds of it, at a random moment of the next twenty', async () => {
    const report = vi.fn<Report>().mockResolvedValue(1);
    const one = reporter(report, 0.25);
    hear(one, 1, HEARD_MS - 250);
    expect(timers).toHaveLength(0);
    hear(one, 1, 40_000);
    expect(timers.map(({ ms }) => ms)).toEqual([SPREAD_MS / 4]);
    expect(report).not.toHaveBeenCalled();
    due();
    await settle();
    hear(one, 1, 20_000);
    due();
    expect(report).toHaveBeenCalledTimes(1);
    const [songId, key] = report.mock.calls[0] ?? [];
    expect(songId).toBe(aSlot(1)._id);
    expect(isUuid(key ?? '')).toBe(true);
  });

  test('of another song has another key', async () => {
    const report = vi.fn<Report>().mockResolvedValue(1);
    const one = reporter(report);
    hear(one, 1, 12_000);
    hear(one, 2, 12_000);
    due();
    await settle();
    expect(new Set(report.mock.calls.map(([, key]) => key)).size).toBe(2);
  });

  test('that was heard is posted even if the song ends before the random moment', () => {
    const report = vi.fn<Report>().mockResolvedValue(1);
    const one = reporter(report);
    hear(one, 1, 11_000);
    hear(one, 2, 1_000);
    due();
    expect(report).toHaveBeenCalledTimes(1);
  });

  test('of nine seconds is none', () => {
    const report = vi.fn<Report>();
    const one = reporter(report);
    hear(one, 1, 9_000);
    hear(one, 2, 9_000);
    expect(timers).toHaveLength(0);
  });
});

describe('whatever happens', () => {
  test('a retry after a lost answer repeats the key', async () => {
    const report = vi
      .fn<Report>()
      .mockRejectedValueOnce(new UnreachableError('lost'))
      .mockRejectedValueOnce(new ApiError(503, 'unavailable', 'busy', 40))
      .mockResolvedValue(1);
    const one = reporter(report);
    hear(one, 1, 11_000);
    due();
    await settle();
    due();
    await settle();
    expect(timers[0]?.ms).toBe(40_000); // the station asked for more patience than we would have had
    due();
    await settle();
    due();
    expect(report).toHaveBeenCalledTimes(3);
    expect(new Set(report.mock.calls.map(([, key]) => key)).size).toBe(1);
  });

  test('a refusal for good is not tried again', async () => {
    const report = vi.fn<Report>().mockRejectedValue(new ApiError(404, 'song_not_found', 'gone'));
    const one = reporter(report);
    hear(one, 1, 11_000);
    due();
    await settle();
    expect(timers).toHaveLength(0);
  });

  test('a reload in the middle of the song does not post it again', async () => {
    const report = vi.fn<Report>().mockResolvedValue(1);
    hear(reporter(report), 1, 11_000);
    due();
    await settle();
    hear(reporter(report), 1, 30_000);
    due();
    expect(report).toHaveBeenCalledTimes(1);
  });

  test('a reload before the answer repeats the key, so that it counts once', () => {
    const report = vi.fn<Report>(() => new Promise(() => undefined));
    hear(reporter(report), 1, 11_000);
    due();
    hear(reporter(report), 1, 11_000);
    due();
    expect(report.mock.calls[0]?.[1]).toBe(report.mock.calls[1]?.[1]);
  });

  test('leaving the page posts at once what is due', () => {
    const report = vi.fn<Report>().mockResolvedValue(1);
    const one = reporter(report);
    hear(one, 1, 11_000);
    one.flush();
    expect(report).toHaveBeenCalledTimes(1);
    due();
    expect(report).toHaveBeenCalledTimes(1);
  });

  test('what somebody else left in the storage is no harm', () => {
    kept.set('popradio.plays', '{"not":"ours"}');
    const report = vi.fn<Report>().mockResolvedValue(1);
    hear(reporter(report), 1, 11_000);
    due();
    expect(report).toHaveBeenCalledTimes(1);
  });
});
