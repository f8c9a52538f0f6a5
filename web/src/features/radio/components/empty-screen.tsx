import { HeartLine } from '@/components/drawn-icons';
import { useTranslation } from '@/lib/i18n/use-translation';

/** A station without songs: friendly, and it says what to do. */
export function EmptyScreen() {
  const { t } = useTranslation('radio');
  return (
    <div className="empty-screen">
      <HeartLine aria-hidden="true" />
      <p className="name">{t('emptyScreen.title')}</p>
      <p className="by">{t('emptyScreen.text')}</p>
    </div>
  );
}
