import { describe, expect, it, vi } from 'vitest';
import { Updates } from './updates';

function world() {
  const listeners = new Map<string, () => void>();
  const worker = {
    addEventListener: (type: string, listener: () => void) => void listeners.set(type, listener),
    register: vi.fn(() => Promise.resolve()),
    update: vi.fn(() => Promise.reject(new Error('offline'))),
    messageSkipWaiting: vi.fn(),
  };
  const reload = vi.fn();
  const looks: (() => void)[] = [];
  const updates = new Updates({
    make: () => Promise.resolve(worker),
    reload,
    every: (run) => looks.push(run),
    onVisible: (run) => looks.push(run),
  });
  return { updates, worker, reload, looks, fire: (type: string) => listeners.get(type)?.() };
}

describe('updates', () => {
  it('says that a release waits, and tells who listens', async () => {
    const { updates, fire } = world();
    const told = vi.fn();
    updates.subscribe(told);
    await updates.start();
    expect(updates.waiting()).toBe(false);
    fire('waiting');
    expect(updates.waiting()).toBe(true);
    expect(told).toHaveBeenCalledOnce();
  });

  it('reloads when the release that was accepted takes over', async () => {
    const { updates, worker, reload, fire } = world();
    await updates.start();
    fire('waiting');
    updates.accept();
    expect(worker.messageSkipWaiting).toHaveBeenCalledOnce();
    expect(reload).not.toHaveBeenCalled();
    fire('controlling');
    expect(reload).toHaveBeenCalledOnce();
  });

  it('leaves a first visit alone when its worker takes over', async () => {
    const { updates, reload, fire } = world();
    await updates.start();
    fire('controlling');
    expect(reload).not.toHaveBeenCalled();
  });

  it('is silent after "later", until the next release', async () => {
    const { updates, fire } = world();
    await updates.start();
    fire('waiting');
    updates.later();
    expect(updates.waiting()).toBe(false);
    fire('waiting');
    expect(updates.waiting()).toBe(true);
  });

  it('looks for a release by the hour and when somebody comes back, and forgives a bad line', async () => {
    const { updates, worker, looks } = world();
    await updates.start();
    expect(looks).toHaveLength(2);
    for (const look of looks) look();
    expect(worker.update).toHaveBeenCalledTimes(2);
  });
});
