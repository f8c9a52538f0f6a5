import { QueryClient } from '@tanstack/react-query';
import { ApiError, ContractError } from './api/api-error';

const TRIES = 3;

/** A "no" stays a no however often one asks; only silence and overload are worth another try. */
export function worthAnotherTry(failureCount: number, error: unknown): boolean {
  if (error instanceof ContractError) return false;
  if (error instanceof ApiError) return error.status >= 500 && failureCount < TRIES;
  return failureCount < TRIES;
}

export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: worthAnotherTry, staleTime: 30_000, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  });
