import { Equaliser } from '@/components/equaliser';
import { Marquee } from '@/components/marquee';
import { SegBar } from '@/components/seg-bar';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { RadioSong } from '@/lib/schemas/song';
import type { SkipState } from '../api/get-radio-stream';
import { type ShownVote, useShownVote } from '../hooks/use-shown-vote';
import { SongProgress } from './song-progress';

interface DisplayProps {
  song: RadioSong | null;
  /** Shown in place of a title while there is none. */
  idleTitle: string;
  idleLine: string;
  sync: string;
  moving: boolean;
  skip: SkipState | null;
}

function Votes({ votes, needed, passed }: ShownVote) {
  const { t } = useTranslation('radio');
  return (
    <div className="lcd-row votes" role="status">
      <span>{t(passed ? 'skip.passed' : 'skip.question')}</span>
      <SegBar part={needed === 0 ? 0 : votes / needed} />
      <span>{t('skip.votes', { votes, needed })}</span>
    </div>
  );
}

/** The LCD: title, artist, how well in step, and the second of the song, or a vote in its place. */
export function Display({ song, idleTitle, idleLine, sync, moving, skip }: DisplayProps) {
  const { t } = useTranslation('radio');
  const vote = useShownVote(song?.seq ?? null, skip);
  return (
    <div className="lcd" role="group" aria-label={t('nowPlaying')}>
      <div className="lcd-row">
        <Marquee as="h1" text={song?.title ?? idleTitle} />
      </div>
      <div className="lcd-row">
        <span className="lcd-artist cut" dir="auto">
          {song?.artist ?? idleLine}
        </span>
        <Equaliser still={!moving} />
        <span className="sync">
          <i />
          <span>{sync}</span>
        </span>
      </div>
      {vote !== null ? (
        <Votes {...vote} />
      ) : song === null ? (
        <div className="lcd-row lcd-time">
          <span className="led">-:--</span>
          <SegBar part={0} />
          <span className="led">-:--</span>
        </div>
      ) : (
        <SongProgress song={song} />
      )}
    </div>
  );
}
