import { useTranslation } from '@/lib/i18n/use-translation';
import { SORTS, type Sort } from '../api/get-songs';

interface OrderHeadProps {
  sort: Sort;
  onSort: (sort: Sort) => void;
}

/** The list's own head is its order. On a desk the columns stand below it. */
export function OrderHead({ sort, onSort }: OrderHeadProps) {
  const { t } = useTranslation('songs');
  return (
    <>
      <div className="sorts" role="group" aria-label={t('order')}>
        {SORTS.map((one) => (
          <button
            key={one}
            type="button"
            className="sort"
            aria-pressed={one === sort}
            onClick={() => onSort(one)}
          >
            {t(`by.${one}`)}
          </button>
        ))}
      </div>
      <div className="cols" aria-hidden="true">
        <span />
        <span>{t('columns.title')}</span>
        <span>{t('columns.genre')}</span>
        <span>{t('columns.plays')}</span>
        <span>{t('columns.time')}</span>
        <span>{t('columns.likes')}</span>
      </div>
    </>
  );
}
