import { useTranslation } from 'react-i18next';
import { Around, PART } from '@/components/around';
import { Art } from '@/components/art';
import { Equaliser } from '@/components/equaliser';
import { formatSeconds } from '@/lib/format';
import type { RadioSong } from '@/lib/schemas/song';
import { useStationNow } from '@/lib/station-clock';

interface SleeveProps {
  song: RadioSong;
  /** cover: while a picture is on its way. sound: the song has no picture. failed: it does not play here. */
  shows: 'cover' | 'sound' | 'failed';
}

function NextIn({ endsAt }: { endsAt: number }) {
  const { t } = useTranslation('radio');
  const now = useStationNow(endsAt);
  return (
    <p className="by">
      <Around text={t('failed.next', { time: PART })}>
        <span className="led">{formatSeconds(Math.ceil((endsAt - now) / 1000))}</span>
      </Around>
    </p>
  );
}

/** The song's cover on plastic, where there is no moving picture: never a black box. */
export function Sleeve({ song, shows }: SleeveProps) {
  const { t } = useTranslation('radio');
  return (
    <div className="sleeve" data-shows={shows}>
      <span className="sleeve-art">
        <Art src={song.albumArt} eager />
      </span>
      {shows === 'sound' && (
        <span className="sleeve-bars">
          <Equaliser />
          <Equaliser />
          <Equaliser />
        </span>
      )}
      {shows === 'failed' && (
        <div className="sleeve-note" role="status">
          <p className="name">{t('failed.title')}</p>
          <NextIn endsAt={song.endsAt} />
        </div>
      )}
    </div>
  );
}
