import { createContext, use, useEffect, useState } from 'react';
import type { ServerClock } from './server-clock';

const StationClockContext = createContext<ServerClock | null>(null);
export const StationClockProvider = StationClockContext.Provider;

/** The station's clock. */
export function useStationClock(): ServerClock {
  const clock = use(StationClockContext);
  if (clock === null) throw new Error('useStationClock outside StationClockProvider');
  return clock;
}

/** The station's time, epoch milliseconds, renewed at every full second of `phaseMs`, so that shown seconds turn in time. */
export function useStationNow(phaseMs = 0): number {
  const clock = useStationClock();
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const turn = (): void => {
      const at = clock.now();
      setNow(at);
      const into = (((at - phaseMs) % 1000) + 1000) % 1000;
      timer = setTimeout(turn, 1000 - into + 5);
    };
    turn();
    return () => clearTimeout(timer);
  }, [clock, phaseMs]);
  return now;
}
