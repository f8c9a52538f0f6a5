import { useEffect } from 'react';

/**
 * Keeps the page's one address right while pages change. The station wrote it for the page that was opened first, and
 * share sheets send it on instead of what the address bar says.
 */
export function useCanonical(pathname: string): void {
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="canonical"]');
    if (link === null) return; // a page that was not there, or a station without one
    link.href = new URL(pathname.replace(/(.)\/$/, '$1'), link.href).href;
  }, [pathname]);
}
