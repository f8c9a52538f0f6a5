/** Below this nobody hears it. */
export const DEAD_BAND_MS = 80;
/** Once it is being corrected, go on until it is this close, so that it does not start and stop. */
const SETTLED_MS = 10;
/** Up to here the playback rate catches up; above, one seek. */
export const SEEK_ABOVE_MS = 1_500;
/** Where there are no rates, a seek from here on: below, it would be heard more than what it mends. */
export const SEEK_ONLY_ABOVE_MS = 750;
/** No faster, no slower: music stays music. */
export const RATE_REACH = 0.05;
/** A small drift is spread over about this many seconds. */
const SPREAD_S = 1.5;

export type Correction = { kind: 'hold' } | { kind: 'rate'; rate: number } | { kind: 'seek' };

/**
 * What to do about a drift.
 * @param driftMs where the medium is, less where everybody is: positive is ahead.
 * @param correcting whether the last answer was a rate.
 * @param seekOnly the medium knows one pace only.
 */
export function correct(driftMs: number, correcting: boolean, seekOnly = false): Correction {
  const off = Math.abs(driftMs);
  if (seekOnly) return { kind: off > SEEK_ONLY_ABOVE_MS ? 'seek' : 'hold' };
  if (off > SEEK_ABOVE_MS) return { kind: 'seek' };
  if (off < (correcting ? SETTLED_MS : DEAD_BAND_MS)) return { kind: 'hold' };
  const change = Math.min(RATE_REACH, off / 1000 / SPREAD_S);
  return { kind: 'rate', rate: driftMs > 0 ? 1 - change : 1 + change };
}
