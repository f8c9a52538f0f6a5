import { afterEach, expect, test, vi } from 'vitest';
import { watchLine } from './line-times';

/** A browser's notes, written by the test. */
function fakeNotes() {
  class Timing {
    constructor(
      readonly name: string,
      readonly requestStart: number,
      readonly responseStart: number,
    ) {}
  }
  let pending: Timing[] = [];
  let tell: ((list: { getEntries: () => Timing[] }) => void) | null = null;
  const disconnect = vi.fn();
  vi.stubGlobal('PerformanceResourceTiming', Timing);
  vi.stubGlobal(
    'PerformanceObserver',
    class {
      constructor(callback: NonNullable<typeof tell>) {
        tell = callback;
      }
      observe = vi.fn();
      disconnect = disconnect;
      takeRecords(): Timing[] {
        const taken = pending;
        pending = [];
        return taken;
      }
    },
  );
  return {
    pend: (name: string, from: number, to: number) => pending.push(new Timing(name, from, to)),
    tell: (name: string, from: number, to: number) =>
      tell?.({ getEntries: () => [new Timing(name, from, to)] }),
    disconnect,
  };
}

afterEach(() => vi.unstubAllGlobals());

test('what the browser noted of a question is found, told of or still to be told', () => {
  const notes = fakeNotes();
  const line = watchLine('/time');
  notes.tell('http://station/v1/time', 10, 30);
  expect(line.between(5, 50)).toEqual({ sentAt: 10, receivedAt: 30 });
  notes.pend('http://station/v1/time', 60, 70);
  expect(line.between(55, 90)).toEqual({ sentAt: 60, receivedAt: 70 });
  line.stop();
  expect(notes.disconnect).toHaveBeenCalledOnce();
});

test('another question, one of another time, and one the browser keeps to itself are not taken for it', () => {
  const notes = fakeNotes();
  const line = watchLine('/time');
  notes.tell('http://station/v1/songs', 10, 30);
  notes.tell('http://station/v1/time', 1, 4);
  notes.tell('http://station/v1/time', 0, 0);
  notes.tell('http://station/v1/time', 20, 70);
  expect(line.between(5, 50)).toBeNull();
});

test('a browser without such notes is asked for none', () => {
  vi.stubGlobal('PerformanceObserver', undefined);
  expect(watchLine('/time').between(0, Infinity)).toBeNull();
});
