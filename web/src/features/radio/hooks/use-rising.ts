import { useCallback, useEffect, useRef, useState } from 'react';
import { useStationEvent } from '@/lib/events/context';
import type { Reaction } from '@/lib/events/station-event';
import { type Counts, risersOf, sumOf } from '../lib/reactions';

export interface Riser {
  id: number;
  kind: 'heart' | Reaction;
  leftPx: number;
  delayMs: number;
  tint: 0 | 1 | 2;
}

/** More at once would be a curtain. */
const MOST = 8;
const MOST_IN_ALL = 12;
const REACH_PX = 34;
const HEART_STEP_MS = 320;
/** The reactions of half a second rise one after another, so that each is seen. */
const REACTION_STEP_MS = 180;
/** How long a count of reactions stands, where nothing may move. */
const TALLY_MS = 4_000;

export interface Rising {
  risers: readonly Riser[];
  gone: (id: number) => void;
  /** The reactions of the last moments: for those who see nothing rise. */
  tally: Counts;
}

/** Hearts for likes that arrive while a song plays, as many as the count rose by; and everybody's reactions. */
export function useRising(songId: string | null, likes: number): Rising {
  const [risers, setRisers] = useState<readonly Riser[]>([]);
  const [tally, setTally] = useState<Counts>({});
  const before = useRef<{ songId: string | null; likes: number }>({ songId, likes });
  const nextId = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const raise = useCallback((kinds: readonly Riser['kind'][], stepMs: number) => {
    const risen = kinds.map((kind, i): Riser => {
      nextId.current += 1;
      const id = nextId.current;
      const tint = (id % 3) as 0 | 1 | 2;
      return { id, kind, leftPx: (id * 13) % REACH_PX, delayMs: i * stepMs, tint };
    });
    setRisers((shown) => [...shown, ...risen].slice(-MOST_IN_ALL));
  }, []);

  useEffect(() => {
    const last = before.current;
    before.current = { songId, likes };
    const more = likes - last.likes;
    if (last.songId !== songId || more <= 0) return;
    raise(
      Array.from({ length: Math.min(MOST, more) }, () => 'heart' as const),
      HEART_STEP_MS,
    );
  }, [songId, likes, raise]);

  useStationEvent('reaction', ({ data }) => {
    raise(risersOf(data.reactions, MOST), REACTION_STEP_MS);
    setTally((shown) => sumOf(shown, data.reactions));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setTally({}), TALLY_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const gone = useCallback(
    (id: number) => setRisers((shown) => shown.filter((riser) => riser.id !== id)),
    [],
  );
  return { risers, gone, tally };
}
