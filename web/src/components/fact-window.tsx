import { type ReactNode, useId } from 'react';
import { Ridge } from './ridge';

interface FactWindowProps {
  title: string;
  id?: string;
  children: ReactNode;
}

/** A window of words with a title. */
export function FactWindow({ title, id, children }: FactWindowProps) {
  const titleId = useId();
  return (
    <section className="window" aria-labelledby={titleId} id={id}>
      <div className="head">
        <h2 id={titleId}>{title}</h2>
        <Ridge />
      </div>
      <div className="prose">{children}</div>
    </section>
  );
}
