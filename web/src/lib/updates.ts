import { useSyncExternalStore } from 'react';

/** How often an open page looks for a new release. A file of the station's, not a question to its API. */
const LOOK_EVERY_MS = 60 * 60_000;

/** What of workbox-window's `Workbox` is used here. */
export interface WorkerWindow {
  addEventListener(type: 'waiting' | 'controlling', listener: () => void): void;
  register(): Promise<unknown>;
  update(): Promise<void>;
  messageSkipWaiting(): void;
}

interface Surroundings {
  make: () => Promise<WorkerWindow>;
  reload: () => void;
  every: (run: () => void, ms: number) => unknown;
  onVisible: (run: () => void) => void;
}

/** Knows whether a new release waits, and changes to it when the listener says so. */
export class Updates {
  private worker: WorkerWindow | null = null;
  private isWaiting = false;
  private wanted = false;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly around: Surroundings) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly waiting = (): boolean => this.isWaiting;

  async start(): Promise<void> {
    const worker = await this.around.make();
    this.worker = worker;
    worker.addEventListener('waiting', () => this.become(true));
    worker.addEventListener('controlling', () => {
      // The first worker of a new visitor takes over nothing that is worth a reload.
      if (this.wanted) this.around.reload();
    });
    await worker.register();
    const look = (): void => {
      // Offline, or the station restarts: the next look will do.
      worker.update().catch(() => undefined);
    };
    this.around.every(look, LOOK_EVERY_MS);
    this.around.onVisible(look);
  }

  /** Loads the new release. Whatever plays stops for a moment, which is why only the listener calls this. */
  readonly accept = (): void => {
    this.wanted = true;
    this.worker?.messageSkipWaiting();
  };

  readonly later = (): void => this.become(false);

  private become(waiting: boolean): void {
    this.isWaiting = waiting;
    for (const listener of this.listeners) listener();
  }
}

export const updates = new Updates({
  make: async () => new (await import('workbox-window')).Workbox('/sw.js'),
  reload: () => window.location.reload(),
  every: (run, ms) => setInterval(run, ms),
  onVisible: (run) =>
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') run();
    }),
});

/** Starts the service worker once the page has what it needs. Plain http in a home network has none. */
export function startUpdates(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const start = (): void => {
    updates.start().catch(() => undefined); // a browser that refuses workers shows the page all the same
  };
  if (document.readyState === 'complete') start();
  else window.addEventListener('load', start, { once: true });
}

export const useUpdateWaiting = (): boolean =>
  useSyncExternalStore(updates.subscribe, updates.waiting);
