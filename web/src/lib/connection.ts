import { useSyncExternalStore } from 'react';
import { ApiError, UnreachableError } from './api/api-error';

/** How it goes with the station. `untilMs` is this machine's epoch time at which it is tried again. */
export type Connection =
  | { state: 'fine' }
  | { state: 'offline' }
  | { state: 'unreachable'; untilMs: number }
  | { state: 'busy'; untilMs: number }
  | { state: 'limit'; untilMs: number };

/** Waits between tries, in seconds: quick at first, then patient. */
const BACKOFF_S = [2, 4, 8, 15, 30];

/** What a failed question to the station means for the whole page; null when it concerns that question alone. */
export function connectionAfter(
  error: unknown,
  failures: number,
  nowMs: number,
): Connection | null {
  const backoffMs = 1000 * (BACKOFF_S[Math.min(failures, BACKOFF_S.length) - 1] ?? 30);
  if (error instanceof UnreachableError)
    return { state: 'unreachable', untilMs: nowMs + backoffMs };
  if (error instanceof ApiError && error.status === 429) {
    return { state: 'limit', untilMs: nowMs + 1000 * (error.retryAfterS ?? 60) };
  }
  if (error instanceof ApiError && error.status >= 500) {
    return { state: 'busy', untilMs: nowMs + Math.max(backoffMs, 1000 * (error.retryAfterS ?? 0)) };
  }
  return null;
}

let connection: Connection = navigator.onLine ? { state: 'fine' } : { state: 'offline' };
let failures = 0;
const listeners = new Set<() => void>();

let overAt: ReturnType<typeof setTimeout> | undefined;
const FINE: Connection = { state: 'fine' };

function become(next: Connection): void {
  clearTimeout(overAt);
  connection = next;
  // A limit ends by itself, whether anything is asked then or not.
  if (next.state === 'limit')
    overAt = setTimeout(() => become(FINE), Math.max(0, next.untilMs - Date.now()));
  for (const listener of listeners) listener();
}

export const currentConnection = (): Connection => connection;

/** Tells what came of asking the station for its state: the one question that is asked all the time. */
export function reportAnswer(error: unknown): void {
  if (error === null) {
    failures = 0;
    // News by the stream of events does not lift a limit on questions.
    const limited = connection.state === 'limit' && Date.now() < connection.untilMs;
    if (connection.state !== 'fine' && !limited) become(FINE);
    return;
  }
  failures += 1;
  if (!navigator.onLine) {
    if (connection.state !== 'offline') become({ state: 'offline' });
    return;
  }
  const next = connectionAfter(error, failures, Date.now());
  if (next !== null) become(next);
}

/** Tells of any question that was one too many: it concerns the whole page, since all of them count together. */
export function reportLimit(error: unknown): void {
  if (!(error instanceof ApiError) || error.status !== 429) return;
  const next = connectionAfter(error, 1, Date.now());
  if (next !== null && connection.state !== 'offline') become(next);
}

/** Calls back whenever trouble is over. Returns what ends that. */
export function whenFineAgain(callback: () => void): () => void {
  let before = connection.state;
  const listener = (): void => {
    const was = before;
    before = connection.state;
    if (before === 'fine' && was !== 'fine') callback();
  };
  listeners.add(listener);
  return () => listeners.delete(listener);
}

window.addEventListener('offline', () => become({ state: 'offline' }));

export const useConnection = (): Connection =>
  useSyncExternalStore((changed) => {
    listeners.add(changed);
    return () => listeners.delete(changed);
  }, currentConnection);
