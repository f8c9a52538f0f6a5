import { useEffect, useState } from 'react';
import type { SkipState } from '../api/get-radio-stream';

/** So long the display says that a vote of one's own has passed: the next song is on air by then. */
const PASSED_MS = 2_500;

export interface ShownVote {
  votes: number;
  needed: number;
  /** It was the last that was needed; the song is gone. */
  passed: boolean;
}

interface Seen {
  seq: number | null;
  skip: SkipState | null;
  passed: ShownVote | null;
}

/**
 * The vote as the display shows it; null while there is none. One that passes stays for a moment over the next song, or whoever
 * is alone, and needs no other vote than the own, would never see it counted.
 */
export function useShownVote(seq: number | null, skip: SkipState | null): ShownVote | null {
  const [seen, setSeen] = useState<Seen>({ seq, skip, passed: null });
  let { passed } = seen;
  if (seen.seq !== seq || seen.skip !== skip) {
    const before = seen.skip;
    const hasPassed =
      seen.seq !== seq && before !== null && before.voted && before.votes >= before.needed;
    if (hasPassed) passed = { votes: before.votes, needed: before.needed, passed: true };
    setSeen({ seq, skip, passed });
  }
  useEffect(() => {
    if (passed === null) return undefined;
    const timer = setTimeout(() => setSeen((now) => ({ ...now, passed: null })), PASSED_MS);
    return () => clearTimeout(timer);
  }, [passed]);
  if (seq === null || skip === null || skip.policy !== 'vote') return null;
  if (skip.votes > 0) return { votes: skip.votes, needed: skip.needed, passed: false };
  return passed;
}
