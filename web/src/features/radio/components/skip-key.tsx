import { Skip } from '@/components/drawn-icons';
import { formatSeconds } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { RadioSong } from '@/lib/schemas/song';
import { useSkipVote } from '../api/skip-song';
import { useSecondsLeft } from '../hooks/use-seconds-left';

interface SkipKeyProps {
  song: RadioSong | null;
  voted: boolean;
}

/** A vote against the song on air; lime once it is given. Right after a skip it counts down to the next. */
export function SkipKey({ song, voted }: SkipKeyProps) {
  const { t } = useTranslation('radio');
  const { vote, isPending, againAt } = useSkipVote();
  const left = useSecondsLeft(againAt);
  const waits = left > 0 && !voted;
  return (
    <div className="key-box">
      <button
        type="button"
        className="k k-skip"
        aria-keyshortcuts="S"
        aria-pressed={voted}
        aria-label={waits ? t('skip.in', { count: left }) : undefined}
        disabled={song === null || waits}
        onClick={() => {
          if (song !== null && !voted && !isPending) vote(song.seq);
        }}
      >
        <Skip className="i" aria-hidden="true" />
        {waits ? (
          <span className="led">{formatSeconds(left)}</span>
        ) : (
          <span>{t(voted ? 'skip.voted' : 'skip.key')}</span>
        )}
      </button>
    </div>
  );
}
