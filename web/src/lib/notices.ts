import { useSyncExternalStore } from 'react';

/** A sentence that leaves by itself: what happened, what goes on, when it works again. */
export interface Notice {
  id: number;
  text: string;
  icon: 'heart' | 'clock' | 'info';
}

const SHOWN_MS = 6_000;
/** More at once would cover the song. */
const MOST = 2;

let notices: readonly Notice[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function put(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

export function dismissNotice(id: number): void {
  put(notices.filter((notice) => notice.id !== id));
}

/** Shows a sentence. The same sentence again replaces the one that is shown. */
export function notify(text: string, icon: Notice['icon'] = 'info'): void {
  lastId += 1;
  const id = lastId;
  put([...notices.filter((notice) => notice.text !== text), { id, text, icon }].slice(-MOST));
  setTimeout(() => dismissNotice(id), SHOWN_MS);
}

export const useNotices = (): readonly Notice[] =>
  useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => notices,
  );
