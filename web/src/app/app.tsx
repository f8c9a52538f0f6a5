import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { playlistOptions } from '@/features/playlists/api/get-playlist';
import { beginWithBrought } from '@/features/radio/lib/brought-stream';
import { beginWithBroughtSong } from '@/features/songs/lib/brought-song';
import { StationEventsProvider } from '@/lib/events/context';
import { keepListening, makeStationEvents } from '@/lib/events/start-events';
import { makeQueryClient } from '@/lib/query-client';
import { ServerClock } from '@/lib/server-clock';
import { StationClockProvider } from '@/lib/station-clock';
import { ErrorBoundary } from './error-boundary';
import { Router } from './router';

/** A playlist is asked for while the page around it is drawn. No page brings it: whoever asks counts as a view. */
function askAhead(client: QueryClient, pathname: string): void {
  const id = /^\/playlists\/([0-9a-f]{24})$/.exec(pathname)?.[1];
  if (id !== undefined) void client.prefetchQuery(playlistOptions(id));
}

export function App() {
  const [{ client, clock, events }] = useState(() => {
    const made = {
      client: makeQueryClient(),
      clock: new ServerClock(),
      events: makeStationEvents(),
    };
    beginWithBrought(made.client, made.clock);
    beginWithBroughtSong(made.client);
    askAhead(made.client, window.location.pathname);
    return made;
  });
  useEffect(() => keepListening(events), [events]);
  return (
    <ErrorBoundary>
      <QueryClientProvider client={client}>
        <StationClockProvider value={clock}>
          <StationEventsProvider value={events}>
            <Router />
          </StationEventsProvider>
        </StationClockProvider>
      </QueryClientProvider>
    </ErrorBoundary>
  );
}
