import { CellularSignal0 } from 'pixelarticons/react/CellularSignal0.js';
import { Clock } from 'pixelarticons/react/Clock.js';
import { memo } from 'react';
import { useConnection } from '@/lib/connection';
import { formatClock } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';

interface ConnectionBannerProps {
  plays: boolean;
  onTry: () => void;
}

/** Calm trouble: what happened, what goes on, when it works again. It leaves by itself. */
export const ConnectionBanner = memo(function ConnectionBanner({
  plays,
  onTry,
}: ConnectionBannerProps) {
  const { t } = useTranslation('shell');
  const connection = useConnection();
  const { state } = connection;
  const goesOn = plays ? 'plays' : 'waits';
  const Icon = state === 'limit' || state === 'busy' ? Clock : CellularSignal0;
  return (
    <div className="banner-place" role="status">
      {state !== 'fine' && (
        <div className="banner">
          <Icon className="i" aria-hidden="true" />
          <p>
            <b>{t(`connection.${state}.head`)}</b>
            {state === 'limit'
              ? t(`connection.limit.${goesOn}`, { time: formatClock(connection.untilMs + 59_000) })
              : t(`connection.${state}.${goesOn}`)}
          </p>
          {state !== 'limit' && (
            <button type="button" className="gel gel--clear" onClick={onTry}>
              {t('connection.tryNow')}
            </button>
          )}
        </div>
      )}
    </div>
  );
});
