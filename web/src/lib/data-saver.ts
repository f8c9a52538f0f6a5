import { useSyncExternalStore } from 'react';
import { device } from './storage';

const KEY = 'popradio.datasaver';
const listeners = new Set<() => void>();

/** What the browser was told about its line. Not every browser says so. */
const browserSaves = (): boolean =>
  (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

/** Whether songs are played as sound alone, where they have it: the listener's choice, else the browser's. */
export function savesData(): boolean {
  const kept = device.get(KEY);
  return kept === 'on' || (kept !== 'off' && browserSaves());
}

export function saveData(on: boolean): void {
  device.set(KEY, on ? 'on' : 'off');
  for (const listener of listeners) listener();
}

export const useDataSaver = (): boolean =>
  useSyncExternalStore((changed) => {
    listeners.add(changed);
    return () => listeners.delete(changed);
  }, savesData);
