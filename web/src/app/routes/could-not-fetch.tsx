import { Lid } from '@/components/lid';
import { PageNote } from '@/components/page-note';

export function CouldNotFetch({ title, onTry }: { title: string; onTry: () => void }) {
  return (
    <>
      <Lid>
        <h1 className="title">{title}</h1>
      </Lid>
      <main className="page page--list" id="content">
        <PageNote title="Not here just now">
          <p>This could not be fetched from the station.</p>
          <p>
            <button type="button" className="gel gel--clear" onClick={onTry}>
              Try again
            </button>
          </p>
        </PageNote>
      </main>
    </>
  );
}
