import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Lid } from '@/components/lid';
import { PageNote } from '@/components/page-note';
import { featuredPlaylistsOptions } from '@/features/playlists/api/get-featured-playlists';
import { PlaylistCard } from '@/features/playlists/components/playlist-card';
import { formatCount } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import { useTitle } from '@/lib/use-title';
import { CouldNotFetch } from './could-not-fetch';
import { PlaylistTabs } from './playlist-tabs';

export default function FeaturedRoute() {
  const { t } = useTranslation(['more', 'common', 'playlists']);
  const { data, error, refetch } = useQuery(featuredPlaylistsOptions());
  useTitle(t('more:featured'));
  if (error !== null && data === undefined)
    return <CouldNotFetch title={t('playlists:title')} onTry={() => void refetch()} />;
  return (
    <>
      <Lid>
        <h1 className="title">
          {t('playlists:title')}{' '}
          <span className="led">{data === undefined ? '' : formatCount(data.length)}</span>
        </h1>
      </Lid>
      <main
        className="page page--list"
        id="content"
        aria-busy={data === undefined && error === null}
      >
        <PlaylistTabs />
        {data !== undefined && data.length > 0 && (
          <ul className="cards">
            {data.map((playlist) => (
              <li key={playlist._id} className="window">
                <PlaylistCard playlist={playlist} />
              </li>
            ))}
          </ul>
        )}
        {data?.length === 0 && (
          <PageNote title={t('more:featured')}>
            <p>{t('more:featuredNone')}</p>
            <p>
              <Link className="gel" to="/playlists">
                {t('more:allPlaylists')}
              </Link>
            </p>
          </PageNote>
        )}
      </main>
    </>
  );
}
