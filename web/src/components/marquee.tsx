import { type ElementType, useLayoutEffect, useRef, useState } from 'react';
import { vars } from '@/lib/css-vars';

interface MarqueeProps {
  text: string;
  as?: ElementType;
}

/** A title in dots. It runs only if it is too long for its display, and then by whole dots. */
export function Marquee({ text, as: Tag = 'span' }: MarqueeProps) {
  const box = useRef<HTMLElement>(null);
  const [runs, setRuns] = useState<{ on: boolean; dots: number }>({ on: false, dots: 96 });
  useLayoutEffect(() => {
    const element = box.current;
    const line = element?.firstElementChild;
    if (element == null || !(line instanceof HTMLElement)) return undefined;
    const fit = (): void => {
      element.classList.remove('runs');
      const on = line.scrollWidth > element.clientWidth + 1;
      element.classList.toggle('runs', on);
      const dot = Number.parseFloat(getComputedStyle(element).getPropertyValue('--dot')) || 4;
      setRuns({ on, dots: Math.max(1, Math.round(line.offsetWidth / dot)) });
    };
    fit();
    const observer = new ResizeObserver(fit);
    observer.observe(element);
    void document.fonts?.ready.then(fit);
    return () => observer.disconnect();
  }, [text]);
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
