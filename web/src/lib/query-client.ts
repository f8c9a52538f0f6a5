import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, ContractError } from './api/api-error';
import { reportLimit, whenFineAgain } from './connection';

const TRIES = 3;

/** A "no" stays a no however often one asks; only silence and overload are worth another try. */
export function worthAnotherTry(failureCount: number, error: unknown): boolean {
  if (error instanceof ContractError) return false;
  if (error instanceof ApiError) return error.status >= 500 && failureCount < TRIES;
  return failureCount < TRIES;
}

/** Asks again by itself for what a page shows as missing, once the trouble is over. */
export function makeQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: reportLimit }),
    defaultOptions: {
      queries: { retry: worthAnotherTry, staleTime: 30_000, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  });
  whenFineAgain(() => {
    void client.refetchQueries({
      type: 'active',
      predicate: ({ state }) => state.status === 'error',
    });
  });
  return client;
}
