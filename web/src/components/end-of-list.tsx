import { useCallback } from 'react';
import { useTranslation } from '@/lib/i18n/use-translation';
import { useEndInSight } from '@/lib/use-end-in-sight';

interface EndOfListProps {
  more: boolean;
  busy: boolean;
  failed: boolean;
  onNear: () => void;
}

/** The end of an endless list: asks for more before somebody waits for it, and says when that failed. */
export function EndOfList({ more, busy, failed, onNear }: EndOfListProps) {
  const { t } = useTranslation(['pages', 'common']);
  const near = useCallback(() => {
    if (more && !busy && !failed) onNear();
  }, [more, busy, failed, onNear]);
  const ref = useEndInSight(near);
  return (
    <div ref={ref} className="list-end" role="status">
      {failed && more && (
        <p className="hush">
          {t('pages:notHere.text')}{' '}
          <button type="button" className="link" onClick={onNear}>
            {t('common:tryAgain')}
          </button>
        </p>
      )}
    </div>
  );
}
