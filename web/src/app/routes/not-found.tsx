import { Link } from 'react-router';
import { Lid } from '@/components/lid';
import { PageNote } from '@/components/page-note';
import { useTitle } from '@/lib/use-title';

/** Also for songs and playlists that left the shelf. */
export default function NotFound({ what = 'page' }: { what?: 'page' | 'song' | 'playlist' }) {
  useTitle('Not found');
  return (
    <>
      <Lid>
        <h1 className="title">Not found</h1>
      </Lid>
      <main className="page page--list" id="content">
        <PageNote title={`No such ${what}`}>
          <p>There is nothing at this address. The radio, on the other hand, is on.</p>
          <p>
            <Link className="gel" to="/">
              To the radio
            </Link>
          </p>
        </PageNote>
      </main>
    </>
  );
}
