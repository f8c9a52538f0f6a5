import { useCallback, useState } from 'react';

/** Whether an element is on the screen. */
export function useInSight(): [(element: Element | null) => (() => void) | undefined, boolean] {
  const [inSight, setInSight] = useState(false);
  const ref = useCallback((element: Element | null) => {
    if (element === null) return undefined;
    const observer = new IntersectionObserver(([entry]) =>
      setInSight(entry?.isIntersecting ?? false),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, inSight];
}
