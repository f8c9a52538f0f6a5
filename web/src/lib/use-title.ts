import { useEffect } from 'react';

/** Names the page in the browser's own places. */
export function useTitle(page: string): void {
  useEffect(() => {
    document.title = page.startsWith('on air') ? `PopRadio: ${page}` : `${page} · PopRadio`;
  }, [page]);
}
