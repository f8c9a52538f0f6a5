import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { backOffMs, EventStream, type StreamState } from './event-stream';
import type { Frame } from './station-event';

interface Line {
  url: string;
  headers: Headers;
  signal: AbortSignal;
  send: (text: string) => void;
  end: () => void;
  break: () => void;
}

let lines: Line[];
let answer: (() => Response | Error) | null;
let frames: Frame[];
let states: StreamState[];
let stream: EventStream;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  answer = null;
  frames = [];
  states = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    let control: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        control = controller;
      },
    });
    const { signal } = init;
    if (!(signal instanceof AbortSignal)) throw new Error('a stream that cannot be given up');
    signal.addEventListener('abort', () => {
      try {
        control?.error(new DOMException('given up', 'AbortError'));
      } catch {
        // It had ended.
      }
    });
    lines.push({
      url,
      headers: new Headers(init.headers),
      signal,
      send: (text) => control?.enqueue(bytes(text)),
      end: () => control?.close(),
      break: () => control?.error(new TypeError('network error')),
    });
    const instead = answer?.();
    if (instead instanceof Error) return Promise.reject(instead);
    return Promise.resolve(
      instead ?? new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }),
    );
  });
  stream = new EventStream({
    url: () => '/v1/radio/events',
    headers: () => ({ 'X-Session-Id': 'me' }),
    lastEventId: null,
    onFrame: (frame) => frames.push(frame),
    onBeat: () => undefined,
    onState: (state) => states.push(state),
    random: () => 0.5,
  });
});
afterEach(() => {
  stream.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const last = (): Line => {
  const line = lines.at(-1);
  if (line === undefined) throw new Error('nothing was asked');
  return line;
};
async function opened(): Promise<void> {
  stream.start();
  await settle();
}

describe('reading', () => {
  test('carries the session, and says when it is open', async () => {
    await opened();
    expect(last().headers.get('X-Session-Id')).toBe('me');
    expect(last().headers.get('Accept')).toBe('text/event-stream');
    expect(last().headers.has('Last-Event-ID')).toBe(false);
    expect(states.at(-1)).toBe('open');
  });

  test('puts events together, however the bytes are cut', async () => {
    const text = 'id: 7\nevent: reaction\ndata: {"a":"💖"}\n\n:\n\nevent: x\ndata: 1\ndata: 2\n\n';
    const whole = bytes(text);
    for (let cut = 1; cut < whole.length; cut += 1) {
      frames = [];
      const one = new EventStream({
        url: () => '/',
        headers: () => ({}),
        lastEventId: null,
        onFrame: (frame) => frames.push(frame),
        onBeat: () => undefined,
        onState: () => undefined,
      });
      answer = () =>
        new Response(
          new ReadableStream({
            start: (controller) => {
              controller.enqueue(whole.slice(0, cut));
              controller.enqueue(whole.slice(cut));
            },
          }),
          { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } },
        );
      one.start();
      await settle();
      expect(frames).toEqual([
        { type: 'reaction', data: '{"a":"💖"}', id: '7' },
        { type: 'x', data: '1\n2', id: null },
      ]);
      one.close();
    }
  });
});

describe('coming back', () => {
  test('goes on behind the last event it saw', async () => {
    await opened();
    last().send('id: 41\nevent: a\ndata: 1\n\nid: 42\nevent: a\ndata: 2\n\nid: 43\ndata: cut off');
    await settle();
    last().break();
    await settle(2_000);
    expect(lines).toHaveLength(2);
    expect(last().headers.get('Last-Event-ID')).toBe('42');
    expect(frames.map(({ id }) => id)).toEqual(['41', '42']);
  });

  test('waits as long as the station asks, spread', async () => {
    await opened();
    last().send('retry: 5000\n\n');
    await settle();
    last().end();
    await settle(4_900);
    expect(lines).toHaveLength(1);
    await settle(200);
    expect(lines).toHaveLength(2);
  });

  test('backs off while nobody answers, and starts over after a good line', async () => {
    answer = () => new TypeError('Failed to fetch');
    stream.start();
    const gaps: number[] = [];
    let before = 0;
    let at = 0;
    for (; lines.length < 8; at += 500) {
      await settle(500);
      if (lines.length > gaps.length + 1) {
        gaps.push(at - before);
        before = at;
      }
    }
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(29_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(31_000);
    answer = null;
    await settle(31_000);
    expect(states.at(-1)).toBe('open');
    await settle(11_000);
    const tries = lines.length;
    last().break();
    await settle(2_100);
    expect(lines).toHaveLength(tries + 1);
  });

  test('is never in step with everybody else', () => {
    expect(backOffMs(2_000, 0, () => 0)).toBe(1_000);
    expect(backOffMs(2_000, 0, () => 1)).toBe(3_000);
    expect(backOffMs(2_000, 30, () => 0.5)).toBe(30_000);
    expect(backOffMs(60_000, 3, () => 0.5)).toBe(60_000);
  });

  test('a limit is waited out, not fought', async () => {
    answer = () => new Response('{}', { status: 429, headers: { 'Retry-After': '120' } });
    stream.start();
    await settle(119_000);
    expect(lines).toHaveLength(1);
    await settle(15_000);
    expect(lines).toHaveLength(2);
  });

  test.each([
    ['a station without events', () => new Response('{}', { status: 404 })],
    [
      'a page in its place',
      () => new Response('<html>', { headers: { 'Content-Type': 'text/html' } }),
    ],
  ])('%s is left alone for minutes', async (_, instead) => {
    answer = instead;
    stream.start();
    await settle(9 * 60_000);
    expect(lines).toHaveLength(1);
    expect(states).not.toContain('open');
  });
});

describe('a line that died without saying so', () => {
  test('is noticed by its silence; heartbeats keep it', async () => {
    await opened();
    for (let i = 0; i < 8; i += 1) {
      await settle(15_000);
      last().send(':\n\n');
      await settle();
    }
    expect(lines).toHaveLength(1);
    await settle(46_000);
    expect(lines).toHaveLength(2);
    expect(lines[0]?.signal.aborted).toBe(true);
  });

  test('is noticed at once by somebody who comes back after a sleep', async () => {
    await opened();
    vi.setSystemTime(Date.now() + 60_000); // the wall clock went on, no timer ran
    stream.wake();
    await settle();
    expect(lines).toHaveLength(2);
  });

  test('a line that was heard a moment ago is kept', async () => {
    await opened();
    stream.wake();
    await settle();
    expect(lines).toHaveLength(1);
  });

  test('another network means another line', async () => {
    await opened();
    stream.restart();
    await settle();
    expect(lines).toHaveLength(2);
    expect(states.at(-1)).toBe('open');
  });
});

test('somebody who comes back does not wait for the next try', async () => {
  answer = () => new TypeError('Failed to fetch');
  stream.start();
  await settle(20_000);
  const tries = lines.length;
  stream.wake();
  await settle();
  expect(lines).toHaveLength(tries + 1);
});

test('closed is closed', async () => {
  await opened();
  stream.close();
  await settle(120_000);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.signal.aborted).toBe(true);
  expect(states.at(-1)).toBe('closed');
});
