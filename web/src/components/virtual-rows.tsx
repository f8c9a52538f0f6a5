import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { vars } from '@/lib/css-vars';

interface VirtualRowsProps<Item> {
  items: readonly Item[];
  keyOf: (item: Item) => string;
  row: (item: Item) => ReactNode;
  className: string;
  busy?: boolean;
  /** How many there are in all, the ones that were not fetched yet included; null when nobody knows. */
  total: number | null;
}

/** A row of a list on a phone; on a desk they are as high. The real height is measured. */
const ROW_PX = 60;
/** So many rows beyond each edge of the window, for a quick thumb and for those who go from row to row by keyboard. */
const BEYOND = 12;

/** A list of any length, of which the document holds what the window shows. */
export function VirtualRows<Item>({
  items,
  keyOf,
  row,
  className,
  busy = false,
  total,
}: VirtualRowsProps<Item>) {
  const list = useRef<HTMLUListElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const measure = (): void =>
      setScrollMargin(Math.round(element.getBoundingClientRect().top + window.scrollY));
    measure();
    // Whatever stands above the list may grow: chips that arrive, a banner.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);

  // Its functions change with every scroll, which the compiler's rule warns of; nothing here is memoised on them.

  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW_PX,
    overscan: BEYOND,
    scrollMargin,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
  });
  const shown = rows.getVirtualItems();
  const before = (shown[0]?.start ?? scrollMargin) - scrollMargin;
  const after = rows.getTotalSize() - ((shown.at(-1)?.end ?? scrollMargin) - scrollMargin);
  return (
    <ul
      ref={list}
      className={className}
      aria-busy={busy}
      style={vars({ '--before': `${Math.max(0, before)}px`, '--after': `${Math.max(0, after)}px` })}
      data-virtual
    >
      {shown.map(({ key, index }) => {
        const item = items[index];
        return item === undefined ? null : (
          <li
            key={key}
            ref={rows.measureElement}
            data-index={index}
            data-zebra={index % 2 === 1}
            aria-setsize={total ?? -1}
            aria-posinset={index + 1}
          >
            {row(item)}
          </li>
        );
      })}
    </ul>
  );
}
