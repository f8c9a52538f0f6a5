import { QueryClientProvider } from '@tanstack/react-query';
import { render as renderPlain, renderHook as renderHookPlain } from '@testing-library/react';
import type { ReactElement, ReactNode } from 'react';
import { MemoryRouter } from 'react-router';
import { makeQueryClient } from '@/lib/query-client';
import { ServerClock } from '@/lib/server-clock';
import { StationClockProvider } from '@/lib/station-clock';

/** A clock whose hands the test moves. */
export function handClock(startMs = 0): { clock: ServerClock; set: (ms: number) => void } {
  let now = startMs;
  return {
    clock: new ServerClock({ monotonic: () => now, wall: () => now }),
    set: (ms) => {
      now = ms;
    },
  };
}

function around(clock = new ServerClock(), path = '/') {
  const client = makeQueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>
      <StationClockProvider value={clock}>
        <MemoryRouter initialEntries={[path]}>{children}</MemoryRouter>
      </StationClockProvider>
    </QueryClientProvider>
  );
  return { client, wrapper };
}

export function render(element: ReactElement, clock?: ServerClock, path?: string) {
  const { client, wrapper } = around(clock, path);
  return { client, ...renderPlain(element, { wrapper }) };
}

export function renderHook<T>(hook: () => T, clock?: ServerClock, path?: string) {
  const { client, wrapper } = around(clock, path);
  return { client, ...renderHookPlain(hook, { wrapper }) };
}
