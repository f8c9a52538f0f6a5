import { lazy, Suspense } from 'react';
import { Around, PART } from '@/components/around';
import { Art } from '@/components/art';
import { formatSeconds } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { RadioSong } from '@/lib/schemas/song';
import { useStationNow } from '@/lib/station-clock';

// For the songs that have no picture, when the first of them comes.
const SoundPicture = lazy(() => import('@/components/sound-picture'));

/** The screen of the shut phone is as wide. */
const SHUT_PX = 84;

interface SleeveProps {
  song: RadioSong;
  /** cover: while a picture is on its way. sound: the song has no picture. failed: it does not play here. */
  shows: 'cover' | 'sound' | 'failed';
  /** What sounds, to make a picture of it. */
  medium?: HTMLVideoElement | null;
  plays?: boolean;
  /** The phone is shut. */
  small?: boolean;
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
export function Sleeve({ song, shows, medium = null, plays = false, small = false }: SleeveProps) {
  const { t } = useTranslation('radio');
  const cover = (
    <span className="sleeve-art">
      <Art src={song.albumArt} eager {...(small && { sidePx: SHUT_PX })} />
    </span>
  );
  return (
    <div className="sleeve" data-shows={shows}>
      {shows === 'sound' ? (
        <Suspense fallback={cover}>
          <SoundPicture
            title={song.title}
            artist={song.artist}
            art={song.albumArt}
            medium={medium}
            plays={plays}
          />
        </Suspense>
      ) : (
        cover
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
