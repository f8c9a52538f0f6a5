import { Lid } from '@/components/lid';
import { PageNote } from '@/components/page-note';
import { useTranslation } from '@/lib/i18n/use-translation';

export function CouldNotFetch({ title, onTry }: { title: string; onTry: () => void }) {
  const { t } = useTranslation(['pages', 'common']);
  return (
    <>
      <Lid>
        <h1 className="title">{title}</h1>
      </Lid>
      <main className="page page--list" id="content">
        <PageNote title={t('notHere.title')}>
          <p>{t('notHere.text')}</p>
          <p>
            <button type="button" className="gel gel--clear" onClick={onTry}>
              {t('common:tryAgain')}
            </button>
          </p>
        </PageNote>
      </main>
    </>
  );
}
