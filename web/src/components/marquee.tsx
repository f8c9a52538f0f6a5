import { type ElementType, useEffect, useRef, useState } from 'react';
import { vars } from '@/lib/css-vars';

interface MarqueeProps {
  text: string;
  as?: ElementType;
}

/** A title in dots. It runs only if it is too long for its display, and then by whole dots. */
export function Marquee({ text, as: Tag = 'span' }: MarqueeProps) {
  const box = useRef<HTMLElement>(null);
  const [runs, setRuns] = useState<{ on: boolean; dots: number }>({ on: false, dots: 96 });
  useEffect(() => {
    const element = box.current;
    const line = element?.firstElementChild;
    if (element == null || !(line instanceof HTMLElement)) return undefined;
    // Asked when the page is laid out anyway, and again when the window, the letters or the title make either wider.
    const observer = new ResizeObserver(() => {
      const room = Number.parseFloat(getComputedStyle(line).paddingInlineEnd) || 0;
      const on = line.scrollWidth - room > element.clientWidth + 1;
      const dot = Number.parseFloat(getComputedStyle(element).getPropertyValue('--dot')) || 4;
      const dots = Math.max(1, Math.round(line.offsetWidth / dot));
      setRuns((was) => (was.on === on && was.dots === dots ? was : { on, dots }));
    });
    observer.observe(element);
    observer.observe(line);
    return () => observer.disconnect();
  }, []);
  return (
    <Tag
      className={runs.on ? 'marquee runs' : 'marquee'}
      ref={box}
      dir="auto"
      style={vars({ '--dots': runs.dots })}
    >
      <span>{text}</span>
      {runs.on && (
        <span aria-hidden="true" className="again">
          {text}
        </span>
      )}
    </Tag>
  );
}
