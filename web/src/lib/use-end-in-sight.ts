import { useCallback } from 'react';

/** Calls when the end of a list comes near, so that the list goes on before somebody waits for it. */
export function useEndInSight(
  onNear: () => void,
): (element: Element | null) => (() => void) | undefined {
  return useCallback(
    (element: Element | null) => {
      if (element === null) return undefined;
      const observer = new IntersectionObserver(
        ([entry]) => {
          if (entry?.isIntersecting === true) onNear();
        },
        { rootMargin: '600px 0px' },
      );
      observer.observe(element);
      return () => observer.disconnect();
    },
    [onNear],
  );
}
