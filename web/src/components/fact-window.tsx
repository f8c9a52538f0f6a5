import { type ReactNode, useId } from 'react';
import { useHashTarget } from '@/lib/use-hash-target';
import { Ridge } from './ridge';

interface FactWindowProps {
  title: string;
  id?: string;
  children: ReactNode;
}

/** A window of words with a title. */
export function FactWindow({ title, id, children }: FactWindowProps) {
  const titleId = useId();
  const box = useHashTarget<HTMLElement>(id);
  return (
    <section className="window" aria-labelledby={titleId} id={id} ref={box}>
      <div className="head">
        <h2 id={titleId}>{title}</h2>
        <Ridge />
      </div>
      <div className="prose">{children}</div>
    </section>
  );
}
