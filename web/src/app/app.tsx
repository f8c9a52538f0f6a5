import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider } from 'react-router';
import { makeQueryClient } from '@/lib/query-client';
import { ServerClock } from '@/lib/server-clock';
import { StationClockProvider } from '@/lib/station-clock';
import { makeRouter } from './router';

export function App() {
  const [{ client, clock, router }] = useState(() => ({
    client: makeQueryClient(),
    clock: new ServerClock(),
    router: makeRouter(),
  }));
  return (
    <QueryClientProvider client={client}>
      <StationClockProvider value={clock}>
        <RouterProvider router={router} />
      </StationClockProvider>
    </QueryClientProvider>
  );
}
