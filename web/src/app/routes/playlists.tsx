import { useQuery } from '@tanstack/react-query';
import { Lid } from '@/components/lid';
import { PageNote } from '@/components/page-note';
import { playlistsOptions } from '@/features/playlists/api/get-playlists';
import { PlaylistCard } from '@/features/playlists/components/playlist-card';
import { formatCount } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import { useTitle } from '@/lib/use-title';
import { PlaylistTabs } from './playlist-tabs';

export default function PlaylistsRoute() {
  const { data, error, refetch } = useQuery(playlistsOptions());
  const { t } = useTranslation(['playlists', 'pages', 'common']);
  useTitle(t('title'));
  const sorted = data?.toSorted((a, b) => Number(b.isFeatured) - Number(a.isFeatured));
  return (
    <>
      <Lid>
        <h1 className="title">
          {t('title')}{' '}
          <span className="led">{data === undefined ? '' : formatCount(data.length)}</span>
        </h1>
      </Lid>
      <main
        className="page page--list"
        id="content"
        aria-busy={data === undefined && error === null}
      >
        <PlaylistTabs />
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
          <PageNote title={t('none.title')}>
            <p>{t('none.text')}</p>
          </PageNote>
        )}
        {error !== null && data === undefined && (
          <PageNote title={t('pages:notHere.title')}>
            <p>{t('failed')}</p>
            <p>
              <button type="button" className="gel gel--clear" onClick={() => void refetch()}>
                {t('common:tryAgain')}
              </button>
            </p>
          </PageNote>
        )}
      </main>
    </>
  );
}
