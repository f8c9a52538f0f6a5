import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { patchCounters } from '@/lib/song-cache';
import { randomUuid } from '@/lib/uuid';
import { reportPlay } from '../api/report-play';
import { Heard } from '../lib/heard';

const LOOK_EVERY_MS = 500;

/** Counts a play once ten seconds of it were heard; each time the song is started anew may count again. */
export function usePlayCount(songId: string, plays: boolean): void {
  const client = useQueryClient();
  const heard = useMemo(
    () =>
      new Heard(() => {
        reportPlay(songId, randomUuid()).then(
          (counted) => patchCounters(client, songId, counted),
          () => undefined, // a count that got lost is no reason to disturb somebody who listens
        );
      }),
    [client, songId],
  );
  useEffect(() => {
    if (!plays) return undefined;
    heard.playing(performance.now());
    const timer = setInterval(() => heard.playing(performance.now()), LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      heard.pause();
    };
  }, [heard, plays]);
}
