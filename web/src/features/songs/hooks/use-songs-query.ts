import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { SORTS, type SongsQuery } from '../api/get-songs';

/** What the list shows, kept in the address: it can be shared, reloaded and gone back to. */
export function useSongsQuery(): [SongsQuery, (change: Partial<SongsQuery>) => void] {
  const [params, setParams] = useSearchParams();
  const sort = SORTS.find((known) => known === params.get('sort')) ?? 'likes';
  const change = useCallback(
    (next: Partial<SongsQuery>) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [key, value] of Object.entries(next)) {
            if (value === '' || (key === 'sort' && value === 'likes')) after.delete(key);
            else after.set(key, value);
          }
          return after;
        },
        { replace: true },
      ),
    [setParams],
  );
  return [{ q: params.get('q') ?? '', genre: params.get('genre') ?? '', sort }, change];
}
