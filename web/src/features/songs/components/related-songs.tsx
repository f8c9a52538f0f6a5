import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { Ridge } from '@/components/ridge';
import { SongRow } from '@/components/song-row';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { Song } from '@/lib/schemas/song';
import { relatedSongsOptions } from '../api/get-related-songs';

interface RelatedSongsProps {
  song: Song;
  onAirId: string | null;
  heart: (song: Song) => ReactNode;
  /** What follows them: it waits, or they would push it down when they come. */
  children: ReactNode;
}

interface ShelfProps extends Omit<RelatedSongsProps, 'song' | 'children'> {
  title: string;
  songs: readonly Song[];
}

function Shelf({ title, songs, onAirId, heart }: ShelfProps) {
  const titleId = useId();
  if (songs.length === 0) return null;
  return (
    <section className="window" aria-labelledby={titleId}>
      <div className="head">
        <h2 id={titleId} className="cut">
          {title}
        </h2>
        <Ridge />
      </div>
      <ul className="rows rows--songs">
        {songs.map((song) => (
          <li key={song._id}>
            <SongRow song={song} onAir={song._id === onAirId} action={heart(song)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** More by the artist, then more of the genre. Nothing at all where there is none: a list of one song has no relatives. */
export function RelatedSongs({ song, children, ...rest }: RelatedSongsProps) {
  const { t } = useTranslation('more');
  const { data, isPending } = useQuery(relatedSongsOptions(song));
  return (
    <>
      {data && (
        <Shelf title={t('related.artist', { artist: song.artist })} songs={data.artist} {...rest} />
      )}
      {data && (
        <Shelf
          title={t('related.genre', { genre: song.genre[0] ?? '' })}
          songs={data.genre}
          {...rest}
        />
      )}
      <div className="after" hidden={isPending} aria-busy={isPending}>
        {children}
      </div>
    </>
  );
}
