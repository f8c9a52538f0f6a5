type Listener = (event: Event) => void;

/** Stands in for a media element: time passes when the test says so, and it plays what its rate says. */
export class FakeMedium {
  src = '';
  preload = '';
  playbackRate = 1;
  volume = 1;
  muted = false;
  paused = true;
  ended = false;
  seeking = false;
  readyState = 0;
  duration = Number.NaN;
  error: MediaError | null = null;
  seeks: number[] = [];
  plays = 0;
  loads = 0;
  seekOnly = false;
  inFrame = false;
  label = '';
  refuse: 'sound' | 'everything' | null = null;
  private at = 0;
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(private readonly length = 60) {}

  get currentTime(): number {
    return this.at;
  }
  set currentTime(seconds: number) {
    this.at = seconds;
    this.seeks.push(seconds);
    this.ended = false;
  }

  addEventListener = (type: string, listener: unknown): void => {
    const all = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, all.add(listener as Listener));
  };
  removeEventListener = (type: string, listener: unknown): void => {
    this.listeners.get(type)?.delete(listener as Listener);
  };
  fire(type: string): void {
    for (const listener of this.listeners.get(type) ?? []) listener(new Event(type));
  }

  removeAttribute = (name: string): void => {
    if (name === 'src') this.src = '';
  };
  load = (): void => {
    this.loads += 1;
    this.paused = true; // as the load algorithm of the standard has it
    this.at = 0;
    this.readyState = 0;
    this.duration = Number.NaN;
    this.error = null;
    this.ended = false;
  };
  play = (): Promise<void> => {
    this.plays += 1;
    if (this.refuse === 'everything' || (this.refuse === 'sound' && !this.muted)) {
      return Promise.reject(new DOMException('not allowed', 'NotAllowedError'));
    }
    this.paused = false;
    return Promise.resolve();
  };
  pause = (): void => {
    this.paused = true;
  };

  /** The data has arrived. */
  arrive(): void {
    if (this.src === '') return;
    this.duration = this.length;
    this.readyState = 4;
    this.fire('loadedmetadata');
    this.fire('loadeddata');
  }
  /** Nothing more comes. */
  starve(): void {
    this.readyState = 2;
    this.fire('waiting');
  }
  fail(code = 4): void {
    this.error = { code } as MediaError;
    this.fire('error');
  }
  pass(ms: number): void {
    if (this.paused || this.readyState < 3) return;
    this.at = Math.min(this.length, this.at + (ms / 1000) * this.playbackRate);
    if (this.at >= this.length) {
      this.ended = true;
      this.paused = true;
      this.fire('ended');
    }
  }
}
