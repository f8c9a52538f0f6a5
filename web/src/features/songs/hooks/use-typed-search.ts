import { useEffect, useRef, useState } from 'react';

const REST_MS = 250;

/**
 * Search as you type: one question once the typing rests, not one for every letter. When the search changes from outside
 * (back, a link, "show everything"), the field follows.
 */
export function useTypedSearch(
  q: string,
  onSearch: (q: string) => void,
): [string, (text: string) => void] {
  const [text, setText] = useState(q);
  const told = useRef(q);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    if (q === told.current) return;
    told.current = q;
    clearTimeout(timer.current);
    setText(q);
  }, [q]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const type = (next: string): void => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (next.trim() === told.current) return;
      told.current = next.trim();
      onSearch(told.current);
    }, REST_MS);
  };
  return [text, type];
}
