import { useEffect } from 'react';
import { takeDownFirstPaint } from '@/lib/first-paint';
import { useTranslation } from '@/lib/i18n/use-translation';

/** The page itself broke. Says so, and offers the one thing that helps. */
export function Failure() {
  const { t } = useTranslation('pages');
  useEffect(takeDownFirstPaint, []);
  return (
    <div className="app">
      <main className="page" id="content">
        <section className="window" role="alert">
          <div className="head">
            <h2>{t('failure.title')}</h2>
          </div>
          <div className="prose">
            <p>{t('failure.text')}</p>
            <p>
              <button type="button" className="gel" onClick={() => window.location.reload()}>
                {t('failure.reload')}
              </button>
            </p>
          </div>
        </section>
      </main>
    </div>
  );
}
