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
