import { useEffect, useSyncExternalStore } from 'react';

/** Whether something plays outside the radio. The radio is silent meanwhile, and comes back in step. */
let playing = 0;
const listeners = new Set<() => void>();

function change(by: 1 | -1): void {
  playing += by;
  for (const listener of listeners) listener();
}

export const soloPlays = (): boolean => playing > 0;

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useSoloPlays = (): boolean => useSyncExternalStore(subscribe, soloPlays);

/** Silences the radio for as long as `on` and whoever says so is on the page. */
export function useQuietRadio(on: boolean): void {
  useEffect(() => {
    if (!on) return undefined;
    change(1);
    return () => change(-1);
  }, [on]);
}
