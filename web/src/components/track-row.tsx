import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { formatSeconds } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { Song } from '@/lib/schemas/song';
import { Equaliser } from './equaliser';

interface TrackRowProps {
  song: Song;
  /** Its place in the list, from 1. */
  place: number;
  onAir: boolean;
  action: ReactNode;
}

/** A song in a list with an order. */
export function TrackRow({ song, place, onAir, action }: TrackRowProps) {
  const { t } = useTranslation();
  return (
    <div className={onAir ? 'row row--air' : 'row'}>
      <span className="no led">{onAir ? <Equaliser /> : String(place).padStart(2, '0')}</span>
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
      <span className="c-time led">{formatSeconds(song.duration)}</span>
      {action}
    </div>
  );
}
