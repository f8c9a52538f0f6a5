import { Frown } from 'pixelarticons/react/Frown.js';
import { Link } from 'react-router';
import { Lid } from '@/components/lid';
import { PageNote } from '@/components/page-note';
import { useTranslation } from '@/lib/i18n/use-translation';
import { useTitle } from '@/lib/use-title';

/** Also for songs and playlists that left the shelf. */
export default function NotFound({ what = 'page' }: { what?: 'page' | 'song' | 'playlist' }) {
  const { t } = useTranslation(['pages', 'common']);
  useTitle(t('notFound.title'));
  return (
    <>
      <Lid>
        <h1 className="title">{t('notFound.title')}</h1>
      </Lid>
      <main className="page page--list" id="content">
        <PageNote
          title={t(`notFound.${what}`)}
          picture={<Frown className="drawn" aria-hidden="true" />}
        >
          <p>{t('notFound.text')}</p>
          <p>
            <Link className="gel" to="/">
              {t('common:toTheRadio')}
            </Link>
          </p>
        </PageNote>
      </main>
    </>
  );
}
