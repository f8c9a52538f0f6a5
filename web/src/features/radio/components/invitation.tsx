import { Play } from '@/components/drawn-icons';
import { formatCount, formatSeconds } from '@/lib/format';
import type { RadioSong } from '@/lib/schemas/song';
import { useStationNow } from '@/lib/station-clock';

interface InvitationProps {
  song: RadioSong;
  listeners: number;
  onJoin: () => void;
}

function company(listeners: number): string {
  if (listeners === 0) return ', the first one here';
  return listeners === 1 ? ', with one other' : `, with ${formatCount(listeners)} others`;
}

/** The way in: one key, and where it leads. */
export function Invitation({ song, listeners, onJoin }: InvitationProps) {
  const now = useStationNow(song.startedAt);
  return (
    <div className="join">
      <span className="ring">
        <button type="button" className="gel gel--big" onClick={onJoin}>
          <Play className="i" aria-hidden="true" />
          Tap to join
        </button>
      </span>
      <p>
        You land at <b>{formatSeconds((now - song.startedAt) / 1000)}</b>
        {company(listeners)}
      </p>
    </div>
  );
}
