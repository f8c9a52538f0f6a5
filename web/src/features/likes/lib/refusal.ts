import { ApiError, UnreachableError } from '@/lib/api/api-error';
import { formatClock } from '@/lib/format';

/** Why a heart sprang back, as a sentence: what happened, and when it works again. */
export function heartRefusal(error: unknown, nowMs: number): string {
  if (error instanceof ApiError && error.status === 429) {
    const until = formatClock(nowMs + 1000 * (error.retryAfterS ?? 60) + 59_000);
    return `That is a lot of hearts for one hour. The next one counts from ${until}.`;
  }
  if (error instanceof ApiError) return error.message;
  if (error instanceof UnreachableError)
    return 'Your heart did not reach the station. Try it again in a moment.';
  return 'Your heart could not be counted.';
}

/** The station has the heart exactly as it was wished: somebody pressed it in another tab, or an answer got lost. */
export const alreadyAsWished = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === 'already_liked' || error.code === 'not_liked');
