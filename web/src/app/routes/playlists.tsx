import { useQuery } from '@tanstack/react-query';
import { Lid } from '@/components/lid';
import { PageNote } from '@/components/page-note';
import { playlistsOptions } from '@/features/playlists/api/get-playlists';
import { PlaylistCard } from '@/features/playlists/components/playlist-card';
import { formatCount } from '@/lib/format';
import { useTitle } from '@/lib/use-title';

export default function PlaylistsRoute() {
  const { data, error, refetch } = useQuery(playlistsOptions());
  useTitle('Playlists');
  const sorted = data?.toSorted((a, b) => Number(b.isFeatured) - Number(a.isFeatured));
  return (
    <>
      <Lid>
        <h1 className="title">
          Playlists{' '}
          <span className="led">{data === undefined ? '' : formatCount(data.length)}</span>
        </h1>
      </Lid>
      <main className="page page--list" id="content">
        {sorted !== undefined && sorted.length > 0 && (
          <ul className="cards">
            {sorted.map((playlist) => (
              <li key={playlist._id} className="window">
                <PlaylistCard playlist={playlist} />
              </li>
            ))}
          </ul>
        )}
        {sorted?.length === 0 && (
          <PageNote title="No playlists yet">
            <p>Somebody has to put songs in an order first. The radio plays meanwhile.</p>
          </PageNote>
        )}
        {error !== null && data === undefined && (
          <PageNote title="Not here just now">
            <p>The playlists could not be fetched.</p>
            <p>
              <button type="button" className="gel gel--clear" onClick={() => void refetch()}>
                Try again
              </button>
            </p>
          </PageNote>
        )}
      </main>
    </>
  );
}
