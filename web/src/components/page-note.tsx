import type { ReactNode } from 'react';

/** One window with a few words: nothing here, not found, could not be fetched. */
export const PageNote = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="window">
    <div className="head">
      <h2>{title}</h2>
    </div>
    <div className="prose">{children}</div>
  </section>
);
