import type { Connection } from '@/lib/connection';
import type { PlayerState } from './player-state';

/**
 * What the display says about being in step.
 * @param clockMs how wrong the station's clock may be here: nobody can be surer than that.
 */
export function syncWord(
  { phase, offMs, joined }: Pick<PlayerState, 'phase' | 'offMs' | 'joined'>,
  connection: Connection['state'],
  clockMs: number | null = null,
): string {
  if (connection === 'offline' || connection === 'unreachable') return 'no signal';
  if (!joined) return 'ready';
  switch (phase) {
    case 'catching-up':
      return 'catching up';
    case 'playing':
      return offMs === null ? 'in step' : `in step, ±${Math.round(offMs + (clockMs ?? 0))} ms`;
    case 'failed':
      return 'waiting';
    case 'tuning':
      return 'tuning in';
    case 'idle':
    case 'ready':
      return 'ready';
  }
}
