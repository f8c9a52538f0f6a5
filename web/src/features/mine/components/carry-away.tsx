import { useQuery } from '@tanstack/react-query';
import { Copy } from 'pixelarticons/react/Copy.js';
import { QrCode as QrIcon } from 'pixelarticons/react/QrCode.js';
import { useState } from 'react';
import { QrCode } from '@/components/qr-code';
import { session } from '@/lib/api/client';
import { useTranslation } from '@/lib/i18n/use-translation';
import { notify } from '@/lib/notices';
import { carryLink } from '../lib/carry-link';

/** The words are fetched when somebody wants them: the list they come from is longer than the rest of the page. */
const phraseOptions = (sessionId: string) => ({
  queryKey: ['phrase', sessionId],
  queryFn: async () => (await import('../lib/pass-phrase')).phraseOf(sessionId),
  staleTime: Infinity,
  gcTime: 0,
  networkMode: 'always' as const,
});

function Shown({ sessionId }: { sessionId: string }) {
  const { t } = useTranslation('carry');
  const { data: phrase } = useQuery(phraseOptions(sessionId));
  const copy = (): void => {
    if (phrase === undefined) return;
    navigator.clipboard?.writeText(phrase).then(
      () => notify(t('copied')),
      () => undefined, // the words stand there to be read
    );
  };
  return (
    <div className="carry">
      <QrCode text={carryLink(window.location.origin, sessionId)} label={t('away.link')} />
      <div className="carry-text">
        <p>{t('away.scan')}</p>
        <p>{t('away.orWords')}</p>
        <ol className="phrase" lang="en" dir="ltr">
          {(phrase ?? '').split(' ').map((word, index) => (
            <li key={`${index}${word}`}>{word}</li>
          ))}
        </ol>
        <p className="caution">{t('away.warning')}</p>
        {'clipboard' in navigator && (
          <button type="button" className="gel gel--clear" onClick={copy}>
            <Copy className="i" aria-hidden="true" />
            {t('copy')}
          </button>
        )}
      </div>
    </div>
  );
}

/** Who I am, to take along. Shown only when asked for: somebody may look over the shoulder. */
export function CarryAway() {
  const { t } = useTranslation('carry');
  const [shown, setShown] = useState(false);
  return (
    <div className="stack">
      <h3 className="name">{t('away.title')}</h3>
      <p>{t('away.text')}</p>
      {shown && <Shown sessionId={session.id} />}
      <button
        type="button"
        className="gel gel--clear"
        aria-expanded={shown}
        onClick={() => setShown((before) => !before)}
      >
        <QrIcon className="i" aria-hidden="true" />
        {shown ? t('away.hide') : t('away.show')}
      </button>
    </div>
  );
}
