/** Strings kept on this device. */
export interface KeptStrings {
  get(key: string): string | null;
  set(key: string, value: string): void;
  /** False when the browser refuses storage: what is set then lives as long as the page. */
  readonly durable: boolean;
}

/**
 * Local storage where the browser allows it, memory where it does not (private windows, blocked cookies, a full quota).
 * Never throws: a listener whose browser keeps nothing still listens.
 */
export function keptStrings(open: () => Storage): KeptStrings {
  const memory = new Map<string, string>();
  let storage: Storage | null = null;
  try {
    storage = open();
    const probe = 'popradio.probe';
    storage.setItem(probe, probe);
    storage.removeItem(probe);
  } catch {
    storage = null;
  }
  return {
    durable: storage !== null,
    get(key) {
      try {
        return storage?.getItem(key) ?? memory.get(key) ?? null;
      } catch {
        return memory.get(key) ?? null;
      }
    },
    set(key, value) {
      memory.set(key, value);
      try {
        storage?.setItem(key, value);
      } catch {
        // The quota is full. Memory has it for as long as the page lives.
      }
    },
  };
}

/** This device, across visits. */
export const device = keptStrings(() => window.localStorage);
/** This tab, across reloads. */
export const tab = keptStrings(() => window.sessionStorage);
