import { type EmbedSlot, getSlots, readSlot, readSlots } from './station-api';

/** How long until a stream of events that the station refused is asked for again. */
const RETRY_MS = 30_000;

/**
 * Keeps what is on air current, by the station's events: a frame that only polled would play on after a skip.
 * @param slots called with the timeline whenever it is another.
 * @returns what ends it.
 */
export function followSlots(slots: (now: EmbedSlot[]) => void): () => void {
  let events: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let playing: EmbedSlot[] = [];
  let queue: EmbedSlot[] = [];
  let ended = false;

  const onEvent =
    (read: (data: Record<string, unknown>) => void) =>
    (event: MessageEvent<string>): void => {
      try {
        read(JSON.parse(event.data) as Record<string, unknown>);
      } catch {
        return; // An event of a later station: the next one may be of use again.
      }
      slots([...playing, ...queue]);
    };
  const listen = (): void => {
    const source = new EventSource('/v1/radio/events');
    events = source;
    source.addEventListener(
      'nowPlaying',
      onEvent(({ nowPlaying }) => {
        playing = nowPlaying === null ? [] : [readSlot(nowPlaying)];
      }),
    );
    source.addEventListener(
      'queue',
      onEvent((data) => {
        queue = readSlots(data.queue);
      }),
    );
    source.addEventListener('error', () => {
      // The browser comes back by itself, but not from a refusal (429, 503).
      if (source.readyState !== EventSource.CLOSED) return;
      retry = setTimeout(() => {
        getSlots()
          .then((now) => {
            if (!ended) slots(now);
          })
          .catch(() => undefined);
        listen();
      }, RETRY_MS);
    });
  };
  listen();
  return () => {
    ended = true;
    clearTimeout(retry);
    events?.close();
  };
}
