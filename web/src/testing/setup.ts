import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';
// The words: the app has them before its first screen, and so has a test.
import '@/lib/i18n/i18n';

// How long a test waits for what must come: long enough for a machine that builds meanwhile.
configure({ asyncUtilTimeout: 5_000 });

// What jsdom lacks and the page asks at its start. Nothing is ever seen or resized here.
class Observer {
  observe = (): void => undefined;
  unobserve = (): void => undefined;
  disconnect = (): void => undefined;
}
Object.assign(globalThis, {
  ResizeObserver: Observer,
  IntersectionObserver: Observer,
  matchMedia: () => ({ matches: false, addEventListener: Observer, removeEventListener: Observer }),
});

afterEach(() => {
  cleanup();
});
