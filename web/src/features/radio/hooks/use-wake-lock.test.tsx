import { renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useWakeLock } from './use-wake-lock';

const release = vi.fn(() => Promise.resolve());
const request = vi.fn<(type: string) => Promise<{ release: typeof release }>>();
let full: Element | null;
let seen: DocumentVisibilityState;

beforeEach(() => {
  full = null;
  seen = 'visible';
  release.mockClear();
  request.mockReset().mockResolvedValue({ release });
  Object.defineProperty(navigator, 'wakeLock', { value: { request }, configurable: true });
  Object.defineProperty(document, 'fullscreenElement', { get: () => full, configurable: true });
  Object.defineProperty(document, 'visibilityState', { get: () => seen, configurable: true });
});
afterEach(() => {
  Reflect.deleteProperty(navigator, 'wakeLock');
  Reflect.deleteProperty(document, 'fullscreenElement');
  Reflect.deleteProperty(document, 'visibilityState');
});

async function fill(element: Element | null): Promise<void> {
  full = element;
  document.dispatchEvent(new Event('fullscreenchange'));
  await Promise.resolve();
}
async function look(visibility: DocumentVisibilityState): Promise<void> {
  seen = visibility;
  document.dispatchEvent(new Event('visibilitychange'));
  await Promise.resolve();
}

test('the screen stays lit while something fills it, and no longer', async () => {
  renderHook(() => useWakeLock());
  expect(request).not.toHaveBeenCalled();
  await fill(document.body);
  expect(request.mock.calls).toEqual([['screen']]);
  expect(release).not.toHaveBeenCalled();
  await fill(null);
  expect(release).toHaveBeenCalledOnce();
  expect(request).toHaveBeenCalledOnce();
});

test('what the system took from a page that was not seen is asked for again', async () => {
  renderHook(() => useWakeLock());
  await fill(document.body);
  await look('hidden');
  expect(request).toHaveBeenCalledOnce();
  await look('visible');
  expect(request).toHaveBeenCalledTimes(2);
});

test('a lock that comes when nothing fills the screen any more is given back', async () => {
  let give: (lock: { release: typeof release }) => void = () => undefined;
  request.mockReturnValue(
    new Promise((resolve) => {
      give = resolve;
    }),
  );
  renderHook(() => useWakeLock());
  await fill(document.body);
  await fill(null);
  expect(release).not.toHaveBeenCalled();
  give({ release });
  await vi.waitFor(() => expect(release).toHaveBeenCalledOnce());
});

test('a refusal changes nothing', async () => {
  request.mockRejectedValue(new DOMException('The battery is empty.', 'NotAllowedError'));
  renderHook(() => useWakeLock());
  await fill(document.body);
  await fill(null);
  expect(release).not.toHaveBeenCalled();
});

test('a page that goes gives the lock back, and asks no more', async () => {
  const { unmount } = renderHook(() => useWakeLock());
  await fill(document.body);
  unmount();
  expect(release).toHaveBeenCalledOnce();
  await look('visible');
  expect(request).toHaveBeenCalledOnce();
});

test('a browser without such a lock has none', async () => {
  Reflect.deleteProperty(navigator, 'wakeLock');
  renderHook(() => useWakeLock());
  await fill(document.body);
  expect(request).not.toHaveBeenCalled();
});
