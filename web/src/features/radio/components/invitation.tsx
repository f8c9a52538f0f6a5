import { Around, PART } from '@/components/around';
import { Play } from '@/components/drawn-icons';
import { formatSeconds } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { RadioSong } from '@/lib/schemas/song';
import { useStationNow } from '@/lib/station-clock';

interface InvitationProps {
  song: RadioSong;
  listeners: number;
  onJoin: () => void;
}

/** The way in: one key, and where it leads. */
export function Invitation({ song, listeners, onJoin }: InvitationProps) {
  const { t } = useTranslation('radio');
  const now = useStationNow(song.startedAt);
  return (
    <div className="join">
      <span className="ring">
        <button type="button" className="gel gel--big" onClick={onJoin}>
          <Play className="i" aria-hidden="true" />
          {t('join')}
        </button>
      </span>
      <p>
        <Around text={t('company', { count: listeners, time: PART })}>
          <b>{formatSeconds((now - song.startedAt) / 1000)}</b>
        </Around>
      </p>
    </div>
  );
}
