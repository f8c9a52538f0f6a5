import { createParser } from 'eventsource-parser';
import type { Frame } from './station-event';

/** The station sends a line at least every 15 seconds: a longer silence is a line that died without saying so. */
export const SILENCE_MS = 40_000;
/** Somebody is back at the page: by now at least a heartbeat should have come. */
const QUIET_MS = 20_000;
const WATCH_MS = 5_000;
const CONNECT_MS = 10_000;
/** How long to wait before coming back, until the station says otherwise by `retry:`. */
export const RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;
/** A connection that held this long was a good one: the next try is the first again. */
const STEADY_MS = 10_000;
/** The station says no, and will say so again: a station without events, most likely. */
const REFUSED_MS = 10 * 60_000;
/** No event is longer than this; what is longer is not our station. */
const LONGEST_EVENT = 256 * 1024;

export type StreamState = 'closed' | 'connecting' | 'open';

export interface EventStreamOptions {
  /** Where to connect; asked anew at every try. */
  url: () => string;
  headers: () => Record<string, string>;
  /** Where to go on. */
  lastEventId: string | null;
  onFrame: (frame: Frame) => void;
  /** Something came, be it a heartbeat. */
  onBeat: () => void;
  onState: (state: StreamState) => void;
  /** The head of an answer that opened the stream. */
  onAnswer?: (headers: Headers) => void;
  /** A try costs the listener's network one request. */
  onTry?: () => void;
  random?: () => number;
}

/** Milliseconds to wait before try number `failures + 1`, around `retryMs`, doubling: never in step with everybody else. */
export function backOffMs(retryMs: number, failures: number, random: () => number): number {
  const base = Math.min(Math.max(LONGEST_RETRY_MS, retryMs), retryMs * 2 ** failures);
  return base * (0.5 + random());
}

/** The longer of two clocks: the monotonic one may stand still while a machine sleeps, the wall clock may be set back. */
class Stopwatch {
  private mono = performance.now();
  private wall = Date.now();

  restart(): void {
    this.mono = performance.now();
    this.wall = Date.now();
  }

  get ms(): number {
    return Math.max(performance.now() - this.mono, Date.now() - this.wall);
  }
}

/**
 * One connection to the station's events, kept up: read with `fetch`, so that it can carry the session; resumed by the
 * last id it saw; given up when it falls silent.
 */
export class EventStream {
  private lastId: string | null;
  private retryMs = RETRY_MS;
  private failures = 0;
  private stopped = true;
  private isOpen = false;
  private attempt: AbortController | null = null;
  private again: (() => void) | null = null;
  private readonly heard = new Stopwatch();
  private watchdog: ReturnType<typeof setInterval> | undefined;
  private readonly random: () => number;

  constructor(private readonly options: EventStreamOptions) {
    this.lastId = options.lastEventId;
    this.random = options.random ?? Math.random;
  }

  get lastEventId(): string | null {
    return this.lastId;
  }

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.watchdog = setInterval(() => {
      if (this.isOpen && this.heard.ms > SILENCE_MS) this.restart();
    }, WATCH_MS);
    void this.keepUp();
  }

  close(): void {
    if (this.stopped) return;
    this.stopped = true;
    clearInterval(this.watchdog);
    this.attempt?.abort();
    this.again?.();
    this.options.onState('closed');
  }

  /** Connects anew, at once: the network has changed, or something else is wanted. */
  restart(): void {
    this.failures = 0;
    this.skipWait = true;
    this.attempt?.abort();
    this.again?.();
  }
  private skipWait = false;

  /** Somebody is back at the page: do not wait any longer, and do not trust a line that has been quiet. */
  wake(): void {
    if (this.isOpen ? this.heard.ms > QUIET_MS : this.again !== null) this.restart();
  }

  private async keepUp(): Promise<void> {
    while (!this.stopped) {
      this.options.onState('connecting');
      this.skipWait = false;
      const openedFor = new Stopwatch();
      const waitMs = await this.connect();
      this.isOpen = false;
      if (this.isStopped()) return;
      this.failures = openedFor.ms > STEADY_MS ? 0 : this.failures + 1;
      this.options.onState('connecting');
      if (!this.skipWait) {
        await this.pause(waitMs ?? backOffMs(this.retryMs, this.failures - 1, this.random));
      }
    }
  }

  /** `stopped` changes while something is awaited; the compiler does not know. */
  private isStopped(): boolean {
    return this.stopped;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.again?.(), ms);
      this.again = () => {
        clearTimeout(timer);
        this.again = null;
        resolve();
      };
    });
  }

  /** One connection, from its start to its end. Resolves to how long the station asks to stay away, if it says. */
  private async connect(): Promise<number | null> {
    const attempt = new AbortController();
    this.attempt = attempt;
    const late = setTimeout(() => attempt.abort(), CONNECT_MS);
    try {
      this.options.onTry?.();
      const response = await fetch(this.options.url(), {
        headers: {
          Accept: 'text/event-stream',
          ...this.options.headers(),
          ...(this.lastId !== null && { 'Last-Event-ID': this.lastId }),
        },
        cache: 'no-store',
        credentials: 'omit',
        signal: attempt.signal,
      });
      clearTimeout(late);
      const { body } = response;
      const isStream = /^text\/event-stream\b/.test(response.headers.get('Content-Type') ?? '');
      if (!response.ok || !isStream || body === null) {
        void body?.cancel();
        return this.stayAwayMs(response);
      }
      this.options.onAnswer?.(response.headers);
      this.isOpen = true;
      this.heard.restart();
      this.options.onState('open');
      await this.read(body, attempt.signal);
    } catch {
      // Nobody there, cut off in the middle, or given up: in each case it is tried again.
    } finally {
      clearTimeout(late);
      attempt.abort();
    }
    return null;
  }

  private stayAwayMs(response: Response): number | null {
    const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
    if (Number.isFinite(seconds)) return seconds * 1_000 * (1 + 0.2 * this.random());
    return response.ok || (response.status < 500 && response.status !== 429) ? REFUSED_MS : null;
  }

  private async read(body: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void> {
    const parser = createParser({
      maxBufferSize: LONGEST_EVENT,
      onEvent: ({ event, id, data }) => {
        if (signal.aborted) return; // a newer connection has taken over
        // An id with a NUL or a line break cannot be sent back; the parser lets neither through.
        if (id !== undefined) this.lastId = id === '' ? null : id;
        this.options.onFrame({ type: event ?? 'message', data, id: id ?? null });
      },
      onRetry: (ms) => {
        this.retryMs = ms;
      },
    });
    const reader = body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      this.heard.restart();
      this.options.onBeat();
      parser.feed(decoder.decode(value, { stream: true }));
    }
  }
}
