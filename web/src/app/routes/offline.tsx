import { CellularSignal0 } from 'pixelarticons/react/CellularSignal0.js';
import { KeptLikesList } from '@/components/kept-likes-list';
import { Lid } from '@/components/lid';
import { PageNote } from '@/components/page-note';
import { useConnection } from '@/lib/connection';
import { useTranslation } from '@/lib/i18n/use-translation';
import { useTitle } from '@/lib/use-title';

/** No line to the station: says so, and shows what I liked. Stands in for any page that was opened without a line. */
export default function OfflineRoute() {
  const { t } = useTranslation('more');
  const { state } = useConnection();
  const title = state === 'unreachable' ? t('offline.unreachable') : t('offline.title');
  useTitle(title);
  return (
    <>
      <Lid>
        <h1 className="title">{title}</h1>
      </Lid>
      <main className="page page--list" id="content">
        <PageNote
          title={t('offline.meanwhile')}
          picture={<CellularSignal0 className="drawn" aria-hidden="true" />}
        >
          <p>{t('offline.text')}</p>
        </PageNote>
        <KeptLikesList />
      </main>
    </>
  );
}
