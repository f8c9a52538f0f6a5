import { useTranslation } from '@/lib/i18n/use-translation';
import { updates, useUpdateWaiting } from '@/lib/updates';

/** A new release waits. Nothing happens to the song until somebody says so. */
export function UpdatePrompt() {
  const { t } = useTranslation('more');
  const waiting = useUpdateWaiting();
  return (
    <div className="news-place" role="status">
      {waiting && (
        <section className="news" aria-label={t('update.title')}>
          <p>
            <b>{t('update.title')}</b>
            {t('update.text')}
          </p>
          <button type="button" className="gel" onClick={updates.accept}>
            {t('update.accept')}
          </button>
          <button type="button" className="gel gel--clear" onClick={updates.later}>
            {t('update.later')}
          </button>
        </section>
      )}
    </div>
  );
}
