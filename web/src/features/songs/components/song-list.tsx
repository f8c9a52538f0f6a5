import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode } from 'react';
import { EndOfList } from '@/components/end-of-list';
import { SongRow } from '@/components/song-row';
import { VirtualRows } from '@/components/virtual-rows';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { Song } from '@/lib/schemas/song';
import { type SongsQuery, songsOptions } from '../api/get-songs';
import { OrderHead } from './order-head';

interface SongListProps {
  query: SongsQuery;
  onChange: (change: Partial<SongsQuery>) => void;
  onAirId: string | null;
  heart: (song: Song) => ReactNode;
}

/** The shelf, in the order asked for; it goes on as one scrolls. */
export function SongList({ query, onChange, onAirId, heart }: SongListProps) {
  const { t } = useTranslation(['songs', 'common']);
  const {
    data,
    error,
    isPending,
    isPlaceholderData,
    isFetching,
    hasNextPage,
    fetchNextPage,
    refetch,
  } = useInfiniteQuery(songsOptions(query));
  const songs = data?.pages.flatMap((page) => page.songs) ?? [];
  const searching = query.q !== '' || query.genre !== '';

  return (
    <section className="window" aria-label={t('title')}>
      <OrderHead sort={query.sort} onSort={(sort) => onChange({ sort })} />
      <VirtualRows
        className="rows rows--songs"
        items={songs}
        keyOf={(song) => song._id}
        row={(song) => <SongRow song={song} onAir={song._id === onAirId} action={heart(song)} />}
        busy={isPending || isPlaceholderData}
        total={data?.pages[0]?.pagination.totalSongs ?? null}
      />
      {error !== null && songs.length === 0 && (
        <p className="hush">
          {t('failed')}{' '}
          <button type="button" className="link" onClick={() => void refetch()}>
            {t('common:tryAgain')}
          </button>
        </p>
      )}
      {!isPending && error === null && songs.length === 0 && (
        <p className="hush">
          {t(searching ? 'nothingFound' : 'empty')}{' '}
          {searching && (
            <button type="button" className="link" onClick={() => onChange({ q: '', genre: '' })}>
              {t('showEverything')}
            </button>
          )}
        </p>
      )}
      {songs.length > 0 && (
        <EndOfList
          more={hasNextPage}
          busy={isFetching}
          failed={error !== null}
          onNear={() => void fetchNextPage()}
        />
      )}
    </section>
  );
}
