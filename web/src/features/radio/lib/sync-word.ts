import type { Connection } from '@/lib/connection';
import type { PlayerState } from './station-player';

/** What the display says about being in step. */
export function syncWord(
  { phase, offMs, joined }: Pick<PlayerState, 'phase' | 'offMs' | 'joined'>,
  connection: Connection['state'],
): string {
  if (connection === 'offline' || connection === 'unreachable') return 'no signal';
  if (!joined) return 'ready';
  switch (phase) {
    case 'catching-up':
      return 'catching up';
    case 'playing':
      return offMs === null ? 'in step' : `in step, ${offMs} ms`;
    case 'failed':
      return 'waiting';
    case 'tuning':
      return 'tuning in';
    case 'idle':
    case 'ready':
      return 'ready';
  }
}
