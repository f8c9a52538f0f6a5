import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback } from 'react';
import { SongRow } from '@/components/song-row';
import type { Song } from '@/lib/schemas/song';
import { type SongsQuery, songsOptions } from '../api/get-songs';
import { useEndInSight } from '../hooks/use-end-in-sight';
import { OrderHead } from './order-head';

interface SongListProps {
  query: SongsQuery;
  onChange: (change: Partial<SongsQuery>) => void;
  onAirId: string | null;
  heart: (song: Song) => ReactNode;
}

/** The shelf, in the order asked for; it goes on as one scrolls. */
export function SongList({ query, onChange, onAirId, heart }: SongListProps) {
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
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const endRef = useEndInSight(more);
  const songs = data?.pages.flatMap((page) => page.songs) ?? [];
  const searching = query.q !== '' || query.genre !== '';

  return (
    <section className="window" aria-label="Songs">
      <OrderHead sort={query.sort} onSort={(sort) => onChange({ sort })} />
      <ul className="rows rows--songs" aria-busy={isPending || isPlaceholderData}>
        {songs.map((song) => (
          <li key={song._id}>
            <SongRow song={song} onAir={song._id === onAirId} action={heart(song)} />
          </li>
        ))}
      </ul>
      {error !== null && songs.length === 0 && (
        <p className="hush">
          The songs could not be fetched.{' '}
          <button type="button" className="link" onClick={() => void refetch()}>
            Try again
          </button>
        </p>
      )}
      {!isPending && error === null && songs.length === 0 && (
        <p className="hush">
          {searching ? 'Nothing on the shelf sounds like that.' : 'The shelf is empty for now.'}{' '}
          {searching && (
            <button type="button" className="link" onClick={() => onChange({ q: '', genre: '' })}>
              Show everything
            </button>
          )}
        </p>
      )}
      <div ref={endRef} />
    </section>
  );
}
