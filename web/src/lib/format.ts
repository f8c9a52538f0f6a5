const counts = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** 18204 → "18,204" */
export const formatCount = (n: number): string => counts.format(n);

/** Seconds as a player shows them: 107 → "1:47", 3725 → "1:02:05". Never negative. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const h = Math.floor(whole / 3600);
  const m = Math.floor(whole / 60) % 60;
  const s = String(whole % 60).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

/** The clock on the wall, here: "21:10". */
export const formatClock = (epochMs: number): string => clock.format(epochMs);

/** How long ago, in one short word: "now", "4 min", "2 h", "3 d". */
export function formatAgo(epochMs: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - epochMs) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / (24 * 60))} d`;
}

/** Playing time of a list: "44 min", "1 h 5 min". */
export function formatLength(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const h = Math.floor(minutes / 60);
  if (h === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${h} h` : `${h} h ${minutes % 60} min`;
}

export const plural = (n: number, one: string, many: string): string =>
  `${formatCount(n)} ${n === 1 ? one : many}`;
