import { device } from './storage';

export type Theme = 'bubblegum' | 'midnight';

const KEY = 'popradio.theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

const chosen = (): Theme | null => {
  const kept = device.get(KEY);
  return kept === 'bubblegum' || kept === 'midnight' ? kept : null;
};

/** The theme shown: the listener's choice, else the system's. */
export const currentTheme = (): Theme => chosen() ?? (dark.matches ? 'midnight' : 'bubblegum');

function show(): void {
  const choice = chosen();
  if (choice === null) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  for (const listener of listeners) listener();
}

/** Called once, first of all. */
export function startTheme(): void {
  dark.addEventListener('change', show);
  show();
}

/** Choosing what the system has anyway means following the system again. */
export function chooseTheme(theme: Theme): void {
  device.set(KEY, theme === (dark.matches ? 'midnight' : 'bubblegum') ? 'system' : theme);
  show();
}

/** Calls back whenever the theme changes. Returns what ends that. */
export function onTheme(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}
