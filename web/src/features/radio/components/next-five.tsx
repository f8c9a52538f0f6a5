import { Link } from 'react-router';
import { Art } from '@/components/art';
import { Ridge } from '@/components/ridge';
import { formatClock, formatSeconds } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { RadioSong } from '@/lib/schemas/song';
import { useStationNow } from '@/lib/station-clock';
import { slotKey } from '../lib/timeline';

function Countdown({ startsAt }: { startsAt: number }) {
  const { t } = useTranslation('radio');
  const now = useStationNow(startsAt);
  return (
    <time className="led when when--soon">
      {t('next.in', { time: formatSeconds(Math.ceil((startsAt - now) / 1000)) })}
    </time>
  );
}

/** What comes next, and when. The first counts down, the others say the clock. */
export function NextFive({ upcoming }: { upcoming: readonly RadioSong[] }) {
  const { t } = useTranslation('radio');
  return (
    <section className="window next" id="next" aria-labelledby="h-next" tabIndex={-1}>
      <div className="head">
        <h2 id="h-next">{t('next.title')}</h2>
        <Ridge />
      </div>
      <ol className="rows">
        {upcoming.slice(0, 5).map((song, index) => (
          <li key={slotKey(song)}>
            <Link className="row" to={`/songs/${song._id}`}>
              <span className="art">
                <Art src={song.albumArt} eager sidePx={40} />
              </span>
              <span className="what">
                <span className="name cut" dir="auto">
                  {song.title}
                </span>
                <span className="by cut" dir="auto">
                  {song.artist}
                </span>
              </span>
              {index === 0 ? (
                <Countdown startsAt={song.startedAt} />
              ) : (
                <time className="led when">{formatClock(song.startedAt)}</time>
              )}
            </Link>
          </li>
        ))}
      </ol>
      {upcoming.length === 0 && <p className="hush">{t('next.none')}</p>}
    </section>
  );
}
