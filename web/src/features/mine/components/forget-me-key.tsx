import { useState } from 'react';
import { useTranslation } from '@/lib/i18n/use-translation';
import { useForgetMe } from '../api/forget-me';

/** Asks once, in place: what is forgotten does not come back. */
export function ForgetMeKey() {
  const { t } = useTranslation('mine');
  const [asked, setAsked] = useState(false);
  const { mutate, isPending } = useForgetMe();
  if (!asked) {
    return (
      <button type="button" className="gel gel--clear" onClick={() => setAsked(true)}>
        {t('forget.ask')}
      </button>
    );
  }
  return (
    <div className="ask" role="group" aria-label={t('forget.question')}>
      <p>{t('forget.text')}</p>
      <button
        type="button"
        className="gel"
        aria-busy={isPending}
        onClick={() => mutate(undefined, { onSettled: () => setAsked(false) })}
      >
        {t('forget.ask')}
      </button>
      <button type="button" className="gel gel--clear" onClick={() => setAsked(false)}>
        {t('forget.keep')}
      </button>
    </div>
  );
}
