import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { makeQueryClient } from '@/lib/query-client';
import { ServerClock } from '@/lib/server-clock';
import { StationClockProvider } from '@/lib/station-clock';
import { ErrorBoundary } from './error-boundary';
import { Router } from './router';

export function App() {
  const [{ client, clock }] = useState(() => ({
    client: makeQueryClient(),
    clock: new ServerClock(),
  }));
  return (
    <ErrorBoundary>
      <QueryClientProvider client={client}>
        <StationClockProvider value={clock}>
          <Router />
        </StationClockProvider>
      </QueryClientProvider>
    </ErrorBoundary>
  );
}
