import type { ReactNode } from 'react';

interface PageNoteProps {
  title: string;
  /** A small drawing before the words. */
  picture?: ReactNode;
  children: ReactNode;
}

/** One window with a few words: nothing here, not found, could not be fetched. */
export const PageNote = ({ title, picture, children }: PageNoteProps) => (
  <section className="window">
    <div className="head">
      <h2>{title}</h2>
    </div>
    {picture === undefined ? (
      <div className="prose">{children}</div>
    ) : (
      <div className="prose prose--drawn">
        {picture}
        <div className="prose-words">{children}</div>
      </div>
    )}
  </section>
);
