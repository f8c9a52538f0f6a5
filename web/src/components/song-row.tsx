import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { formatCount, formatList, formatSeconds } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { Song } from '@/lib/schemas/song';
import { Art } from './art';
import { Equaliser } from './equaliser';

interface SongRowProps {
  song: Song;
  onAir: boolean;
  /** The heart. */
  action: ReactNode;
}

/** A song in a list of songs: cover, names, and on a desk its numbers. */
export function SongRow({ song, onAir, action }: SongRowProps) {
  const { t } = useTranslation();
  return (
    <div className={onAir ? 'row row--air' : 'row'}>
      <span className="art">
        <Art src={song.albumArt} sidePx={48} />
        {onAir && <Equaliser />}
      </span>
      <Link className="what" to={`/songs/${song._id}`}>
        <span className="name cut" dir="auto">
          {song.title}
          {onAir && <span className="vh">, {t('onAirNow')}</span>}
        </span>
        <span className="by cut" dir="auto">
          {song.artist}
          <span className="only-phone"> · {formatSeconds(song.duration)}</span>
        </span>
      </Link>
      <span className="c-genre cut" dir="auto">
        {formatList(song.genre)}
      </span>
      <span className="c-plays led">{formatCount(song.plays)}</span>
      <span className="c-time led">{formatSeconds(song.duration)}</span>
      {action}
    </div>
  );
}
