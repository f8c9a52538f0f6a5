import { vars } from '@/lib/css-vars';

interface SegBarProps {
  /** 0 to 1. */
  part: number;
  /** With a label it is announced as progress; without, it is decoration. */
  label?: string;
  /** What is read out for the value. */
  text?: string;
}

/** A bar that fills by whole cells. */
export function SegBar({ part, label, text }: SegBarProps) {
  const p = Math.min(1, Math.max(0, part));
  const style = vars({ '--p': p.toFixed(4) });
  if (label === undefined) return <span className="seg" style={style} aria-hidden="true" />;
  return (
    <div
      className="seg"
      style={style}
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(p * 100)}
      aria-valuetext={text}
    />
  );
}
