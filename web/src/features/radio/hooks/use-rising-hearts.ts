import { useCallback, useEffect, useRef, useState } from 'react';

export interface RisingHeart {
  id: number;
  leftPx: number;
  delayMs: number;
  tint: 0 | 1 | 2;
}

/** More at once would be a curtain. */
const MOST = 8;
const REACH_PX = 34;

/** Hearts for likes that arrive while a song plays: as many as the count rose by. */
export function useRisingHearts(
  songId: string | null,
  likes: number,
): { hearts: readonly RisingHeart[]; gone: (id: number) => void } {
  const [hearts, setHearts] = useState<readonly RisingHeart[]>([]);
  const before = useRef<{ songId: string | null; likes: number }>({ songId, likes });
  const nextId = useRef(0);
  useEffect(() => {
    const last = before.current;
    before.current = { songId, likes };
    const more = likes - last.likes;
    if (last.songId !== songId || more <= 0) return;
    const risen = Array.from({ length: Math.min(MOST, more) }, (_, i): RisingHeart => {
      nextId.current += 1;
      const id = nextId.current;
      return { id, leftPx: (id * 13) % REACH_PX, delayMs: i * 320, tint: (id % 3) as 0 | 1 | 2 };
    });
    setHearts((shown) => [...shown, ...risen].slice(-MOST));
  }, [songId, likes]);
  const gone = useCallback(
    (id: number) => setHearts((shown) => shown.filter((heart) => heart.id !== id)),
    [],
  );
  return { hearts, gone };
}
