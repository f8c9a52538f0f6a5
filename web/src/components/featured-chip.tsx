import { useTranslation } from '@/lib/i18n/use-translation';
import { Spark } from './drawn-icons';

export function FeaturedChip() {
  const { t } = useTranslation();
  return (
    <span className="foil">
      <Spark className="i" aria-hidden="true" />
      <span className="led">{t('featured')}</span>
    </span>
  );
}
