import { Lid } from '@/components/lid';
import { HistoryList } from '@/features/history/components/history-list';
import { LoveButton } from '@/features/likes/components/love-button';
import { useTranslation } from '@/lib/i18n/use-translation';
import { useTitle } from '@/lib/use-title';
import { useRadio } from '../radio-context';

export default function HistoryRoute() {
  const { t } = useTranslation('history');
  const { onAir } = useRadio();
  useTitle(t('title'));
  return (
    <>
      <Lid>
        <h1 className="title">{t('title')}</h1>
        <p className="by">{t('text')}</p>
      </Lid>
      <main className="page page--list" id="content">
        <HistoryList
          seq={onAir.current?.seq ?? null}
          heart={(song) => <LoveButton song={song} />}
        />
      </main>
    </>
  );
}
