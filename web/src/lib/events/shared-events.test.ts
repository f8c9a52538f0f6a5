import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EventStream, EventStreamOptions, StreamState } from './event-stream';
import { type Channel, LEADER_SILENCE_MS, type Locks, SharedEvents } from './shared-events';
import type { Frame } from './station-event';
import { topicsFor } from './topics';

/** The browser: its locks and its channel, for as many tabs as a test opens. */
class Browser {
  private holder: { reject: (reason: unknown) => void } | null = null;
  private queue: { run: () => void; signal?: AbortSignal | undefined }[] = [];
  private readonly channels = new Set<(event: MessageEvent) => void>();
  /** Tabs that are suspended hear nothing. */
  readonly asleep = new Set<(event: MessageEvent) => void>();

  private grant(callback: () => Promise<void>, settle: (error?: unknown) => void): void {
    const me = { reject: (reason: unknown) => settle(reason) };
    this.holder = me;
    void callback().then(() => {
      if (this.holder === me) this.holder = null;
      settle();
      this.next();
    });
  }
  private next(): void {
    if (this.holder !== null) return;
    const waiting = this.queue.shift();
    if (waiting?.signal?.aborted === true) this.next();
    else waiting?.run();
  }

  locks(): Locks {
    const request = (
      _name: string,
      options: { signal?: AbortSignal; steal?: boolean },
      callback: () => Promise<void>,
    ): Promise<void> =>
      new Promise((resolve, reject) => {
        const settle = (error?: unknown): void =>
          error === undefined ? resolve() : reject(new Error('not held', { cause: error }));
        const run = (): void => this.grant(callback, settle);
        options.signal?.addEventListener('abort', () => reject(new Error('not wanted')));
        if (options.steal === true) {
          this.holder?.reject(new DOMException('stolen', 'AbortError'));
          this.holder = null;
          run();
        } else if (this.holder === null) run();
        else this.queue.push({ run, signal: options.signal });
      });
    return { request } as unknown as Locks;
  }

  channel(): Channel {
    let own: ((event: MessageEvent) => void) | undefined;
    return {
      postMessage: (data: unknown) => {
        for (const hear of this.channels) {
          if (hear !== own && !this.asleep.has(hear))
            hear(new MessageEvent('message', { data: structuredClone(data) }));
        }
      },
      addEventListener: (_: string, listener: unknown) => {
        own = listener as (event: MessageEvent) => void;
        this.channels.add(own);
      },
      removeEventListener: () => undefined,
      close: () => {
        if (own !== undefined) this.channels.delete(own);
      },
    };
  }
}

class FakeStream {
  restarts = 0;
  closed = false;
  constructor(readonly options: Omit<EventStreamOptions, 'headers'>) {}
  start = (): void => this.options.onState('open');
  close = (): void => {
    this.closed = true;
    this.options.onState('closed');
  };
  restart = (): void => {
    this.restarts += 1;
  };
  wake = (): void => undefined;
  say(type: string, data: unknown, id: string | null = null): void {
    const frame: Frame = { type, data: JSON.stringify(data), id };
    this.options.onBeat();
    this.options.onFrame(frame);
  }
}

let streams: FakeStream[];
const open = (): FakeStream[] => streams.filter(({ closed }) => !closed);
const only = (): FakeStream => {
  const [one, ...more] = open();
  if (one === undefined || more.length > 0) throw new Error(`${open().length} streams are open`);
  return one;
};

function tab(browser: Browser | null) {
  const heard: number[] = [];
  const missed: boolean[] = [];
  const broken: unknown[] = [];
  const events = new SharedEvents({
    makeStream: (options) => {
      const stream = new FakeStream(options);
      streams.push(stream);
      return stream as unknown as EventStream;
    },
    locks: browser === null ? null : browser.locks(),
    openChannel: browser === null ? null : () => browser.channel(),
    onBroken: (error) => broken.push(error),
  });
  events.on('listeners', ({ data }) => heard.push(data.listeners));
  events.on('serverTime', (event) => missed.push(event.missed));
  const stop = events.start();
  return { events, heard, missed, broken, stop };
}

const time = { serverTime: '2026-02-03T10:25:00.000Z', epochMs: 1_770_114_300_000 };
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { visibilityState: 'visible' });
  streams = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the tabs of a browser', () => {
  test('have one stream, and all hear all of it', async () => {
    const browser = new Browser();
    const tabs = [tab(browser), tab(browser), tab(browser)];
    await settle();
    only().say('listeners', { listeners: 3 });
    expect(tabs.map(({ heard }) => heard)).toEqual([[3], [3], [3]]);
    expect(tabs.map(({ events }) => events.state())).toEqual(['open', 'open', 'open']);
    expect(tabs.filter(({ events }) => events.leads)).toHaveLength(1);
  });

  test('a tab that comes later hears at once how it stands', async () => {
    const browser = new Browser();
    tab(browser);
    await settle();
    only().say('listeners', { listeners: 3 });
    only().say('listeners', { listeners: 4 });
    const late = tab(browser);
    await settle();
    expect(late.heard).toEqual([4]);
    expect(late.events.state()).toBe('open');
  });

  test('when the one with the stream goes, the next goes on where it stopped', async () => {
    const browser = new Browser();
    const first = tab(browser);
    const second = tab(browser);
    await settle();
    only().say('listeners', { listeners: 3 }, 'e-17');
    first.stop();
    await settle();
    expect(only().options.lastEventId).toBe('e-17');
    only().say('listeners', { listeners: 2 }, 'e-18');
    expect(second.heard).toEqual([3, 2]);
    expect(first.heard).toEqual([3]);
  });

  test('when it falls asleep, another takes over, and it stands in line when it wakes', async () => {
    const browser = new Browser();
    const first = tab(browser);
    const second = tab(browser);
    await settle();
    only().say('listeners', { listeners: 3 }, 'e-1');
    await settle(LEADER_SILENCE_MS + 10_000); // not even a heartbeat
    expect(second.events.leads).toBe(true);
    expect(first.events.leads).toBe(false);
    only().say('listeners', { listeners: 2 });
    expect(first.heard).toEqual([3, 2]);
    second.stop();
    await settle();
    expect(first.events.leads).toBe(true);
  });

  test('a heartbeat is enough to keep it', async () => {
    const browser = new Browser();
    const first = tab(browser);
    tab(browser);
    await settle();
    for (let i = 0; i < 10; i += 1) {
      await settle(15_000);
      only().options.onBeat();
    }
    expect(first.events.leads).toBe(true);
  });

  test('without locks each has its own', () => {
    const tabs = [tab(null), tab(null)];
    expect(open()).toHaveLength(2);
    open()[1]?.say('listeners', { listeners: 5 });
    expect(tabs.map(({ heard }) => heard)).toEqual([[], [5]]);
  });
});

describe('what is missed', () => {
  test('a first connect misses nothing; a later one that starts over does', async () => {
    const browser = new Browser();
    const first = tab(browser);
    const second = tab(browser);
    await settle();
    only().say('serverTime', time, '1');
    only().say('serverTime', time, '9'); // the same stream, connected anew
    expect(first.missed).toEqual([false, true]);
    expect(second.missed).toEqual([false, true]);
  });

  test('an event that is not as agreed is told of, and the next is heard', async () => {
    const one = tab(null);
    only().say('listeners', { listeners: 'many' });
    only().say('of-a-newer-station', {});
    only().say('listeners', { listeners: 6 });
    await settle();
    expect(one.heard).toEqual([6]);
    expect(one.broken).toHaveLength(1);
  });
});

describe('what else somebody looks at', () => {
  test('is carried when they stay, for all tabs together, by one new connection', async () => {
    const browser = new Browser();
    const first = tab(browser);
    const second = tab(browser);
    await settle();
    first.events.watch('song=a');
    second.events.watch('playlist=b');
    await settle(1_500);
    expect(only().options.url()).toBe('/v1/radio/events?playlist=b&song=a');
    expect(only().restarts).toBe(1);
  });

  test('a glance costs nothing, and leaving neither', async () => {
    const one = tab(null);
    one.events.watch('song=a')();
    await settle(1_500);
    expect(only().restarts).toBe(0);
    const leave = one.events.watch('song=b');
    await settle(1_500);
    leave();
    await settle(1_500);
    expect(only().restarts).toBe(1);
    one.events.watch('song=b'); // still carried
    await settle(1_500);
    expect(only().restarts).toBe(1);
  });

  test('at most four, and those that somebody looks at', () => {
    expect(topicsFor(['song=a', 'song=b', 'song=c', 'song=d'], ['song=e', 'song=b'])).toEqual([
      'song=a',
      'song=b',
      'song=c',
      'song=e',
    ]);
    expect(topicsFor([], ['1', '2', '3', '4', '5', '1'])).toHaveLength(4);
  });
});

test('the state is told once for each change', async () => {
  const browser = new Browser();
  const one = tab(browser);
  const states: StreamState[] = [];
  one.events.onState(() => states.push(one.events.state()));
  await settle();
  only().options.onState('connecting');
  only().options.onState('connecting');
  only().options.onState('open');
  expect(states).toEqual(['connecting', 'open']);
});
