import type { RadioSong } from '@/lib/schemas/song';
import type { ServerClock } from '@/lib/server-clock';

export type PlayerPhase =
  | 'idle' // nothing on air
  | 'ready' // not joined yet
  | 'tuning' // joined, the medium is on its way
  | 'playing'
  | 'catching-up'
  | 'failed'; // this song does not play here; the next one will

export interface PlayerState {
  phase: PlayerPhase;
  joined: boolean;
  /** The deck that is on air. */
  active: 0 | 1;
  /** Whether the deck on air has a picture to show. */
  showsPicture: boolean;
  kind: 'video' | 'audio' | null;
  /** It is shown in the frame of another site. */
  inFrame: boolean;
  /** How far from everybody, milliseconds, smoothed; null while not playing. */
  offMs: number | null;
  /** The browser allowed the start only without sound. */
  silenced: boolean;
  volume: number;
  muted: boolean;
}

export interface PlayerOptions {
  clock: Pick<ServerClock, 'now'>;
  /** Called while somebody really listens, with how long since the last call. */
  onListening?: (slot: RadioSong, ms: number) => void;
  preferAudio?: boolean;
}

/** The state of a player, and who wants to know when it changes. */
export class PlayerStore {
  private readonly listeners = new Set<() => void>();
  private state: PlayerState = {
    phase: 'idle',
    joined: false,
    active: 0,
    showsPicture: false,
    kind: null,
    inFrame: false,
    offMs: null,
    silenced: false,
    volume: 1,
    muted: false,
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): PlayerState => this.state;

  /** @param before called when something did change, before anybody is told. */
  change(change: Partial<PlayerState>, before: () => void): void {
    const next = { ...this.state, ...change };
    const same = (Object.keys(next) as (keyof PlayerState)[]).every(
      (key) => next[key] === this.state[key],
    );
    if (same) return;
    this.state = next;
    before();
    for (const listener of this.listeners) listener();
  }
}
