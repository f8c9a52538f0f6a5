import { useEffect, useState } from 'react';

const secondsTo = (untilMs: number): number =>
  Math.max(0, Math.ceil((untilMs - Date.now()) / 1000));

/** Whole seconds until a moment of this machine's clock, counting down to 0. */
export function useSecondsLeft(untilMs: number): number {
  const [left, setLeft] = useState(() => secondsTo(untilMs));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const turn = (): void => {
      const seconds = secondsTo(untilMs);
      setLeft(seconds);
      if (seconds > 0) timer = setTimeout(turn, ((untilMs - Date.now()) % 1000) + 5);
    };
    turn();
    return () => clearTimeout(timer);
  }, [untilMs]);
  return left;
}
