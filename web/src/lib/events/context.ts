import { createContext, use, useEffect, useRef, useSyncExternalStore } from 'react';
import type { StreamState } from './event-stream';
import type { Heard, StationEvents } from './shared-events';
import type { EventType } from './station-event';
import type { Topic } from './topics';

const nothing = (): void => undefined;

/** A station from which nothing is heard: a page then asks now and then. */
export const silentEvents: StationEvents = {
  state: () => 'closed',
  onState: () => nothing,
  on: () => nothing,
  watch: () => nothing,
};

const StationEventsContext = createContext<StationEvents>(silentEvents);
export const StationEventsProvider = StationEventsContext.Provider;

/** How it goes with the stream of events. */
export function useEventsState(): StreamState {
  const events = use(StationEventsContext);
  return useSyncExternalStore(events.onState, events.state);
}

/** Calls `listener` for each event of this type. */
export function useStationEvent<Type extends EventType>(
  type: Type,
  listener: (heard: Heard<Type>) => void,
): void {
  const events = use(StationEventsContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => events.on(type, (heard) => latest.current(heard)), [events, type]);
}

/** Hears about this song or playlist as well, while the component is shown. */
export function useWatched(topic: Topic | null): void {
  const events = use(StationEventsContext);
  useEffect(() => (topic === null ? undefined : events.watch(topic)), [events, topic]);
}
