import type { Connection } from '@/lib/connection';
import type { PlayerState } from './player-state';

/** What the display says about being in step: a word of `radio:sync`, and how far off at most, where that is known. */
export interface SyncState {
  word: 'catchingUp' | 'inStep' | 'noSignal' | 'ready' | 'tuningIn' | 'waiting';
  /** Milliseconds; only beside `inStep`. */
  offMs: number | null;
}

const say = (word: SyncState['word'], offMs: number | null = null): SyncState => ({ word, offMs });

/** @param clockMs how wrong the station's clock may be here: nobody can be surer than that. */
export function syncState(
  { phase, offMs, joined }: Pick<PlayerState, 'phase' | 'offMs' | 'joined'>,
  connection: Connection['state'],
  clockMs: number | null = null,
): SyncState {
  if (connection === 'offline' || connection === 'unreachable') return say('noSignal');
  if (!joined) return say('ready');
  switch (phase) {
    case 'catching-up':
      return say('catchingUp');
    case 'playing':
      return say('inStep', offMs === null ? null : Math.round(offMs + (clockMs ?? 0)));
    case 'failed':
      return say('waiting');
    case 'tuning':
      return say('tuningIn');
    case 'idle':
    case 'ready':
      return say('ready');
  }
}
