import { ApiError } from '@/lib/api/api-error';

/** The address names something that is not (or no longer) on the shelf. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 404 || error.code === 'invalid_id');
