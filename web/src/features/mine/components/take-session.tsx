import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { PageNote } from '@/components/page-note';
import { session } from '@/lib/api/client';
import { formatDate } from '@/lib/format-date';
import { useTranslation } from '@/lib/i18n/use-translation';
import { notify } from '@/lib/notices';
import { mySessionOptions } from '../api/get-my-session';
import { peekSessionOptions } from '../api/peek-session';
import { useBecome } from '../hooks/use-become';

interface TakeSessionProps {
  sessionId: string;
  onDone: () => void;
}

/** Asks before this device becomes somebody else: who that is, and what stays behind. */
export function TakeSession({ sessionId, onDone }: TakeSessionProps) {
  const { t } = useTranslation(['carry', 'common']);
  const become = useBecome();
  const [busy, setBusy] = useState(false);
  const same = sessionId === session.id;
  const { data: me } = useQuery(mySessionOptions());
  const {
    data: other,
    error,
    refetch,
  } = useQuery({
    ...peekSessionOptions(sessionId),
    enabled: !same,
  });
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);

  const author = (same ? me : other)?.author;
  const mine = me === undefined ? 0 : me.liked.songs.length + me.liked.playlists.length;
  const hearts = other === undefined ? 0 : other.liked.songs.length + other.liked.playlists.length;
  const take = async (): Promise<void> => {
    setBusy(true);
    await become(sessionId);
    notify(t('take.done', { author }), 'heart');
    onDone();
  };

  return (
    <div ref={box} tabIndex={-1} role="group" aria-label={t('here.title')} className="take">
      {error !== null && other === undefined ? (
        <PageNote title={t('here.title')}>
          <p>{t('take.failed')}</p>
          <div className="ask">
            <button type="button" className="gel gel--clear" onClick={() => void refetch()}>
              {t('common:tryAgain')}
            </button>
            <button type="button" className="gel gel--clear" onClick={onDone}>
              {t('take.no')}
            </button>
          </div>
        </PageNote>
      ) : (
        author !== undefined && (
          <PageNote title={same ? t('here.title') : t('take.title', { author })}>
            {same ? (
              <p>{t('take.same', { author })}</p>
            ) : (
              <>
                <p>
                  {t('take.who', {
                    hearts: t('take.hearts', { count: hearts }),
                    date: formatDate(other?.createdAt ?? 0),
                  })}
                </p>
                {mine > 0 && <p>{t('take.staysBehind', { count: mine })}</p>}
              </>
            )}
            <div className="ask">
              {!same && (
                <button type="button" className="gel" aria-busy={busy} onClick={() => void take()}>
                  {t('take.yes')}
                </button>
              )}
              <button type="button" className="gel gel--clear" onClick={onDone}>
                {same ? t('take.fine') : t('take.no')}
              </button>
            </div>
          </PageNote>
        )
      )}
    </div>
  );
}
