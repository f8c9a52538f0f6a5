import type { ReactNode } from 'react';

/** Stands in a sentence where the part comes. No text has it. */
export const PART = '\u0000';

/** A sentence with a part that looks different, wherever the language puts it: `text` has PART in its place. */
export function Around({ text, children }: { text: string; children: ReactNode }) {
  const at = text.indexOf(PART);
  if (at === -1) return text;
  return (
    <>
      {text.slice(0, at)}
      {children}
      {text.slice(at + PART.length)}
    </>
  );
}
