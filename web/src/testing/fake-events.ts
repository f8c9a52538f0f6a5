import type { StreamState } from '@/lib/events/event-stream';
import type { Heard, StationEvents } from '@/lib/events/shared-events';
import type { EventData, EventType } from '@/lib/events/station-event';
import type { Topic } from '@/lib/events/topics';

/** Stands in for the station's events: a test says what happens. */
export class FakeEvents implements StationEvents {
  readonly watched: Topic[] = [];
  private current: StreamState = 'open';
  private readonly changed = new Set<() => void>();
  private readonly listeners = new Map<EventType, Set<(heard: Heard<EventType>) => void>>();

  state = (): StreamState => this.current;
  onState = (listener: () => void): (() => void) => {
    this.changed.add(listener);
    return () => this.changed.delete(listener);
  };
  on = <Type extends EventType>(
    type: Type,
    listener: (heard: Heard<Type>) => void,
  ): (() => void) => {
    const kept = listener;
    const all = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, all.add(kept));
    return () => all.delete(kept);
  };
  watch = (topic: Topic): (() => void) => {
    this.watched.push(topic);
    return () => this.watched.splice(this.watched.indexOf(topic), 1);
  };

  become(state: StreamState): void {
    this.current = state;
    for (const listener of this.changed) listener();
  }
  say<Type extends EventType>(type: Type, data: EventData<Type>, missed = false): void {
    for (const listener of this.listeners.get(type) ?? []) listener({ data, missed });
  }
}
