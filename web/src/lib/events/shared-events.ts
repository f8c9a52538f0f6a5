import { randomUuid } from '../uuid';
import type { EventStream, EventStreamOptions, StreamState } from './event-stream';
import {
  type EventData,
  type EventType,
  type Frame,
  isEventType,
  readEvent,
} from './station-event';
import { type TabMessage, tabMessageSchema } from './tab-messages';
import { type Topic, topicsFor } from './topics';

const NAME = 'popradio.events';
/** A tab that has the stream and says nothing for so long is suspended: another takes it over. */
export const LEADER_SILENCE_MS = 45_000;
const WATCH_MS = 5_000;
/** Pages come and go while one walks about; the stream changes its topics when one stays. */
const TOPICS_SETTLE_MS = 1_000;

/** The events that tell a state: the last of each is what a new tab needs. */
const STATES = new Set<string>(['nowPlaying', 'queue', 'listeners', 'skip']);

export interface Heard<Type extends EventType> {
  data: EventData<Type>;
  /** Events before this one are lost: what they told has to be fetched. */
  missed: boolean;
}

/** The events of the station, as a page sees them. */
export interface StationEvents {
  state: () => StreamState;
  onState: (changed: () => void) => () => void;
  on: <Type extends EventType>(type: Type, listener: (heard: Heard<Type>) => void) => () => void;
  /** Also tells about this song or playlist, until the returned function is called. */
  watch: (topic: Topic) => () => void;
}

export type Locks = Pick<LockManager, 'request'>;
export type Channel = Pick<
  BroadcastChannel,
  'postMessage' | 'addEventListener' | 'removeEventListener' | 'close'
>;

export interface SharedEventsOptions {
  makeStream: (options: Omit<EventStreamOptions, 'headers'>) => EventStream;
  /** Null where the browser has none (a page without TLS has no locks): then each tab has a stream of its own. */
  locks: Locks | null;
  openChannel: ((name: string) => Channel) | null;
  /** Told of an event that is not as agreed. */
  onBroken?: (error: unknown) => void;
  base?: string;
}

/**
 * One stream per browser, shared by its tabs: the tab that holds a lock reads it and tells the others. When it goes, or
 * falls asleep, the next takes over where it stopped.
 */
export class SharedEvents implements StationEvents {
  private readonly tab = randomUuid();
  private current: StreamState = 'closed';
  private readonly stateListeners = new Set<() => void>();
  private readonly listeners = new Map<EventType, Set<(heard: Heard<EventType>) => void>>();
  private readonly watched = new Map<Topic, number>();
  private readonly othersWant = new Map<string, readonly string[]>();
  private channel: Channel | null = null;
  private stream: EventStream | null = null;
  private carried: string[] = [];
  private lastId: string | null = null;
  private recent = new Map<string, Frame>();
  private resumed = false;
  private leaderHeardAt = 0;
  private abdicate: (() => void) | null = null;
  private stopping = new AbortController();
  private settle: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: SharedEventsOptions) {}

  readonly state = (): StreamState => this.current;

  readonly onState = (changed: () => void): (() => void) => {
    this.stateListeners.add(changed);
    return () => this.stateListeners.delete(changed);
  };

  readonly on = <Type extends EventType>(
    type: Type,
    listener: (heard: Heard<Type>) => void,
  ): (() => void) => {
    const all = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, all);
    // A listener gets what it asked for, by the map's key.
    const kept = listener;
    all.add(kept);
    return () => all.delete(kept);
  };

  readonly watch = (topic: Topic): (() => void) => {
    this.watched.set(topic, (this.watched.get(topic) ?? 0) + 1);
    this.wantsChanged();
    return () => {
      const left = (this.watched.get(topic) ?? 1) - 1;
      if (left > 0) this.watched.set(topic, left);
      else this.watched.delete(topic);
      this.wantsChanged();
    };
  };

  /** Whether this tab reads the stream itself. */
  get leads(): boolean {
    return this.stream !== null;
  }

  /** Begins to listen. Returns what ends it. */
  start(): () => void {
    const { locks, openChannel } = this.options;
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    this.become('connecting');
    if (locks === null || openChannel === null) {
      this.lead();
    } else {
      this.channel = openChannel(NAME);
      const onMessage = (event: MessageEvent): void => {
        const message = tabMessageSchema.safeParse(event.data);
        if (message.success) this.hear(message.data);
      };
      this.channel.addEventListener('message', onMessage);
      this.leaderHeardAt = Date.now();
      this.say({ kind: 'hello', tab: this.tab });
      this.queueUp(locks, signal, false);
      const watch = setInterval(() => {
        const asleep = Date.now() - this.leaderHeardAt > LEADER_SILENCE_MS;
        if (this.stream !== null || !asleep || document.visibilityState !== 'visible') return;
        this.leaderHeardAt = Date.now();
        this.queueUp(locks, signal, true);
      }, WATCH_MS);
      signal.addEventListener('abort', () => clearInterval(watch));
    }
    return () => {
      this.stopping.abort();
      this.say({ kind: 'wants', tab: this.tab, topics: [] });
      this.resign();
      this.channel?.close();
      this.channel = null;
      clearTimeout(this.settle);
      this.become('closed');
    };
  }

  /** The page is looked at again. */
  wake(): void {
    this.stream?.wake();
  }

  /** The network is another one: the old line may be dead without knowing. */
  networkChanged(): void {
    this.stream?.restart();
  }

  // ── Who reads the stream ───────────────────────────────────────────────────────────────────

  private queueUp(locks: Locks, signal: AbortSignal, steal: boolean): void {
    const hold = (): Promise<void> => {
      if (signal.aborted) return Promise.resolve();
      this.lead();
      return new Promise((resolve) => {
        this.abdicate = resolve;
      });
    };
    // A request that steals cannot be taken back.
    locks.request(NAME, steal ? { steal } : { signal }, hold).then(
      () => undefined,
      () => {
        // Another tab took over while this one slept: stand in line again.
        if (signal.aborted || this.stream === null) return;
        this.resign();
        this.become('connecting');
        this.leaderHeardAt = Date.now();
        this.queueUp(locks, signal, false);
      },
    );
  }

  private lead(): void {
    if (this.stream !== null) return;
    const { makeStream, base = '/v1/radio/events' } = this.options;
    this.carried = topicsFor([], this.wanted());
    this.resumed = this.lastId !== null;
    this.stream = makeStream({
      url: () => (this.carried.length === 0 ? base : `${base}?${this.carried.join('&')}`),
      lastEventId: this.lastId,
      onBeat: () => this.say({ kind: 'beat' }),
      onState: (state) => {
        this.become(state);
        this.say({ kind: 'state', state });
      },
      onFrame: (frame) => {
        // A connect tells the whole state, and ends it by the time, unless it could go on where it was.
        const missed = frame.type === 'serverTime' && this.resumed;
        if (frame.type === 'serverTime') this.resumed = true;
        this.say({ kind: 'frame', frame, missed });
        this.take(frame, missed);
      },
    });
    this.say({ kind: 'leader' });
    this.stream.start();
  }

  private resign(): void {
    this.stream?.close();
    this.stream = null;
    this.abdicate?.();
    this.abdicate = null;
  }

  // ── Among tabs ─────────────────────────────────────────────────────────────────────────────

  private say(message: TabMessage): void {
    this.channel?.postMessage(message);
  }

  private hear(message: TabMessage): void {
    switch (message.kind) {
      case 'hello':
        if (this.stream === null) return;
        this.say({
          kind: 'recent',
          to: message.tab,
          state: this.current,
          frames: [...this.recent.values()],
        });
        return;
      case 'wants':
        if (message.topics.length === 0) this.othersWant.delete(message.tab);
        else this.othersWant.set(message.tab, message.topics);
        this.topicsChanged();
        return;
      case 'leader':
        this.sayWants();
        break;
      case 'beat':
        break;
      case 'state':
        if (this.stream === null) this.become(message.state);
        break;
      case 'recent':
        if (message.to !== this.tab || this.stream !== null) return;
        this.become(message.state);
        for (const frame of message.frames) this.take(frame, false);
        this.sayWants();
        break;
      case 'frame':
        if (this.stream === null) this.take(message.frame, message.missed);
        break;
    }
    this.leaderHeardAt = Date.now();
  }

  private wanted(): string[] {
    return [...this.watched.keys(), ...[...this.othersWant.values()].flat()];
  }

  private sayWants(): void {
    if (this.watched.size > 0)
      this.say({ kind: 'wants', tab: this.tab, topics: [...this.watched.keys()] });
  }

  private wantsChanged(): void {
    this.say({ kind: 'wants', tab: this.tab, topics: [...this.watched.keys()] });
    this.topicsChanged();
  }

  private topicsChanged(): void {
    clearTimeout(this.settle);
    if (this.stream === null) return;
    this.settle = setTimeout(() => {
      const topics = topicsFor(this.carried, this.wanted());
      const carriesAll = this.wanted().every((topic) => this.carried.includes(topic));
      if (this.stream === null || carriesAll) return;
      this.carried = topics;
      this.stream.restart();
    }, TOPICS_SETTLE_MS);
  }

  // ── To the page ────────────────────────────────────────────────────────────────────────────

  private become(state: StreamState): void {
    if (state === this.current) return;
    this.current = state;
    for (const listener of this.stateListeners) listener();
  }

  private take(frame: Frame, missed: boolean): void {
    if (frame.id !== null) this.lastId = frame.id;
    const { type } = frame;
    if (STATES.has(type)) this.recent.set(type, frame);
    if (!isEventType(type)) return; // of a newer station
    const listeners = this.listeners.get(type);
    if (listeners === undefined || listeners.size === 0) return;
    let data: EventData<typeof type>;
    try {
      data = readEvent(type, frame.data);
    } catch (error) {
      this.options.onBroken?.(error);
      return;
    }
    for (const listener of listeners) listener({ data, missed });
  }
}
