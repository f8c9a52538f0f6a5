import { useEffect } from 'react';
import { useTranslation } from '@/lib/i18n/use-translation';

/** Names the page in the browser's own places. Null: the radio itself, with nothing to name. */
export function useTitle(page: string | null): void {
  const { t } = useTranslation('shell');
  useEffect(() => {
    document.title = page === null ? t('tuneIn') : `${page} · PopRadio`;
  }, [page, t]);
}
