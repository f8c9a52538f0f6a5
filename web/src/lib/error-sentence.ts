import { ApiError } from './api/api-error';
import { formatClock } from './format';
import { currentLanguage, i18n } from './i18n/i18n';

/** An hour and minute at which a limit is surely over. */
export const workingAgainAt = (retryAfterS: number | null, nowMs: number): string =>
  formatClock(nowMs + 1000 * (retryAfterS ?? 60) + 59_000);

/**
 * Why the station said no, as a sentence in the listener's language; null when it was not the station that spoke. The
 * station speaks English, and knows more of what happened than its code tells: in English it is quoted, and where a code is
 * not known.
 */
export function refusalOf(error: unknown, nowMs: number = Date.now()): string | null {
  if (!(error instanceof ApiError)) return null;
  const key = `errors:${error.code}`;
  if (currentLanguage() === 'en' || !i18n.exists(key)) return error.message;
  const time = workingAgainAt(error.retryAfterS, nowMs);
  // Codes come from outside, so that the typed keys cannot know them; `exists` has asked.
  return (i18n.t as (key: string, values: object) => string)(key, { time });
}
