import { ApiError, UnreachableError } from '@/lib/api/api-error';
import { refusalOf, workingAgainAt } from '@/lib/error-sentence';
import { t } from '@/lib/i18n/i18n';

/** Why a heart sprang back, as a sentence: what happened, and when it works again. */
export function heartRefusal(error: unknown, nowMs: number): string {
  if (error instanceof ApiError && error.status === 429) {
    return t('likes:tooMany', { time: workingAgainAt(error.retryAfterS, nowMs) });
  }
  if (error instanceof UnreachableError) return t('likes:unreached');
  return refusalOf(error, nowMs) ?? t('likes:failed');
}

/** The station has the heart exactly as it was wished: somebody pressed it in another tab, or an answer got lost. */
export const alreadyAsWished = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === 'already_liked' || error.code === 'not_liked');
