import { useEffect, useState } from 'react';
import { useStationClock } from '@/lib/station-clock';
import type { RadioStream } from '../api/get-radio-stream';
import { type OnAir, onAirAt, untilNextChange } from '../lib/timeline';

/** A timer set for longer fires early; it is set again then. */
const LONGEST_TIMER_MS = 60_000;

/** What is on air now and next; moves on by itself at the moment of change. */
export function useOnAir(stream: RadioStream | undefined): OnAir {
  const clock = useStationClock();
  const [, turn] = useState(0);
  const now = clock.now();
  const onAir = onAirAt(stream, now);
  const change = untilNextChange(stream, now);
  useEffect(() => {
    if (change === null) return undefined;
    const timer = setTimeout(() => turn((n) => n + 1), Math.min(LONGEST_TIMER_MS, change) + 5);
    return () => clearTimeout(timer);
  });
  return onAir;
}
