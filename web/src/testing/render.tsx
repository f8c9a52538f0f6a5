import { QueryClientProvider } from '@tanstack/react-query';
import { render as renderPlain, renderHook as renderHookPlain } from '@testing-library/react';
import type { ReactElement, ReactNode } from 'react';
import { MemoryRouter } from 'react-router';
import { silentEvents, StationEventsProvider } from '@/lib/events/context';
import type { StationEvents } from '@/lib/events/shared-events';
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

interface Surroundings {
  clock?: ServerClock;
  path?: string;
  events?: StationEvents;
}

function around({ clock = new ServerClock(), path = '/', events = silentEvents }: Surroundings) {
  const client = makeQueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>
      <StationClockProvider value={clock}>
        <StationEventsProvider value={events}>
          <MemoryRouter initialEntries={[path]}>{children}</MemoryRouter>
        </StationEventsProvider>
      </StationClockProvider>
    </QueryClientProvider>
  );
  return { client, wrapper };
}

export function render(element: ReactElement, surroundings: Surroundings = {}) {
  const { client, wrapper } = around(surroundings);
  return { client, ...renderPlain(element, { wrapper }) };
}

export function renderHook<T>(hook: () => T, surroundings: Surroundings = {}) {
  const { client, wrapper } = around(surroundings);
  return { client, ...renderHookPlain(hook, { wrapper }) };
}
