import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { EndOfList } from '@/components/end-of-list';
import { PageNote } from '@/components/page-note';
import { Ridge } from '@/components/ridge';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { Song } from '@/lib/schemas/song';
import { useStationClock } from '@/lib/station-clock';
import { HISTORY_KEY, historyOptions } from '../api/get-history';
import { byDay, daysAgo } from '../lib/days';
import { formatDay } from '../lib/format-day';
import { PlayedRow } from './played-row';

interface HistoryListProps {
  /** The number of the slot on air: when it changes, another song is over. */
  seq: number | null;
  heart: (song: Song) => ReactNode;
}

/** What played, day by day. It goes on as one scrolls. */
export function HistoryList({ seq, heart }: HistoryListProps) {
  const { t } = useTranslation(['history', 'pages', 'common']);
  const clock = useStationClock();
  const client = useQueryClient();
  const { data, error, isPending, isFetching, hasNextPage, fetchNextPage, refetch } =
    useInfiniteQuery(historyOptions());
  useEffect(() => {
    if (seq !== null) void client.invalidateQueries({ queryKey: HISTORY_KEY });
  }, [client, seq]);
  const slots = data?.pages.flatMap((page) => page.slots) ?? [];
  if (error !== null && slots.length === 0) {
    return (
      <PageNote title={t('pages:notHere.title')}>
        <p>{t('failed')}</p>
        <p>
          <button type="button" className="gel gel--clear" onClick={() => void refetch()}>
            {t('common:tryAgain')}
          </button>
        </p>
      </PageNote>
    );
  }
  if (!isPending && slots.length === 0) {
    return (
      <PageNote title={t('none.title')}>
        <p>{t('none.text')}</p>
      </PageNote>
    );
  }
  return (
    <>
      {byDay(slots).map(({ startMs, slots: played }) => (
        <section key={startMs} className="window" aria-labelledby={`day-${startMs}`}>
          <div className="head">
            <h2 id={`day-${startMs}`}>{formatDay(startMs, daysAgo(startMs, clock.now()))}</h2>
            <Ridge />
          </div>
          <ol className="rows rows--played">
            {played.map((slot) => (
              <li key={slot.seq}>
                <PlayedRow slot={slot} heart={heart(slot.song)} />
              </li>
            ))}
          </ol>
        </section>
      ))}
      <EndOfList
        busy={isFetching}
        more={hasNextPage}
        onNear={() => void fetchNextPage()}
        failed={error !== null}
      />
    </>
  );
}
