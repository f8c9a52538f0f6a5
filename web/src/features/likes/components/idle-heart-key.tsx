import { HeartLine } from '@/components/drawn-icons';
import { useTranslation } from '@/lib/i18n/use-translation';

/** The centre key while nothing is on air. */
export function IdleHeartKey() {
  const { t } = useTranslation('likes');
  return (
    <button type="button" className="jewel" aria-pressed="false" aria-label={t('nothing')} disabled>
      <HeartLine className="off" aria-hidden="true" />
    </button>
  );
}
