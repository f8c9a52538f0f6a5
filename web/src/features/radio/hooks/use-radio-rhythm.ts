import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { currentConnection, reportAnswer } from '@/lib/connection';
import { useEventsState } from '@/lib/events/context';
import { pageBudget, pollDelayMs } from '@/lib/request-budget';
import { useStationClock } from '@/lib/station-clock';
import { type RadioStream, radioStreamOptions } from '../api/get-radio-stream';
import { untilNextChange } from '../lib/timeline';

/** In between two songs the state is looked at about this often: listeners, likes, votes, a skip. */
const CALM_MS = 25_000;
/** After a change of song everybody asks, but not everybody in the same instant. */
const AFTER_CHANGE_MS = 400;
const AFTER_CHANGE_SPREAD_MS = 1_600;
/** An empty station is asked now and then whether it has songs. */
const EMPTY_MS = 20_000;
/** The events tell of every change of song. When one does not come for so long after its time, the page asks after all. */
const UNTOLD_MS = 10_000;

/**
 * Asks for the station's state: at once, and then the events tell. Without them it asks right after every change of song,
 * and calmly in between. Says to the page how it went, and tries again by itself.
 */
export function useRadioRhythm(): RadioStream | undefined {
  const clock = useStationClock();
  const told = useEventsState() === 'open';
  const { data, error, dataUpdatedAt, errorUpdatedAt, refetch } = useQuery(radioStreamOptions());

  useEffect(() => {
    if (dataUpdatedAt > 0 || errorUpdatedAt > 0) reportAnswer(error);
  }, [error, dataUpdatedAt, errorUpdatedAt]);

  const askedAt = useRef(-Infinity);
  useEffect(() => {
    const ask = (): void => {
      askedAt.current = performance.now();
      pageBudget.spend();
      void refetch();
    };
    const timers: ReturnType<typeof setTimeout>[] = [];
    if (error !== null) {
      const connection = currentConnection();
      const untilMs = 'untilMs' in connection ? connection.untilMs - Date.now() : CALM_MS;
      timers.push(setTimeout(ask, Math.max(1_000, untilMs) * (1 + 0.2 * Math.random())));
    } else if (data !== undefined && told) {
      const { nowPlaying } = data;
      if (nowPlaying !== null) {
        const untold = nowPlaying.endsAt - clock.now() + UNTOLD_MS * (1 + Math.random());
        const rested = UNTOLD_MS - (performance.now() - askedAt.current);
        timers.push(setTimeout(ask, Math.max(0, untold, rested)));
      }
    } else if (data !== undefined) {
      const change = untilNextChange(data, clock.now());
      const calm = change === null ? EMPTY_MS : CALM_MS;
      const next = pollDelayMs(calm, pageBudget);
      const afterChange =
        change === null
          ? Infinity
          : change + AFTER_CHANGE_MS + Math.random() * AFTER_CHANGE_SPREAD_MS;
      // Shortly before a change, wait for it: one question then answers for both.
      const delay = next > afterChange - 8_000 ? afterChange : next;
      timers.push(setTimeout(ask, Math.max(0, delay === Infinity ? next : delay)));
    }
    const back = (): void => {
      if (
        !told &&
        document.visibilityState === 'visible' &&
        performance.now() - lastAsked > CALM_MS
      )
        ask();
    };
    const lastAsked = performance.now();
    window.addEventListener('online', ask);
    document.addEventListener('visibilitychange', back);
    return () => {
      timers.forEach(clearTimeout);
      window.removeEventListener('online', ask);
      document.removeEventListener('visibilitychange', back);
    };
  }, [clock, told, data, error, dataUpdatedAt, errorUpdatedAt, refetch]);

  return data;
}
