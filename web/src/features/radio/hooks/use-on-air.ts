import { useEffect, useMemo, useState } from 'react';
import { useStationClock } from '@/lib/station-clock';
import type { RadioStream } from '../api/get-radio-stream';
import { type OnAir, onAirFrom, slotAt, untilNextChange } from '../lib/timeline';

/** A timer set for longer fires early; it is set again then. */
const LONGEST_TIMER_MS = 60_000;

/** What is on air now and next; moves on by itself at the moment of change. */
export function useOnAir(stream: RadioStream | undefined): OnAir {
  const clock = useStationClock();
  const [, turn] = useState(0);
  const now = clock.now();
  const at = slotAt(stream, now);
  const change = untilNextChange(stream, now);
  const onAir = useMemo(() => onAirFrom(stream, at), [stream, at]);
  useEffect(() => {
    if (change === null) return undefined;
    const timer = setTimeout(() => turn((n) => n + 1), Math.min(LONGEST_TIMER_MS, change) + 5);
    return () => clearTimeout(timer);
  });
  return onAir;
}
