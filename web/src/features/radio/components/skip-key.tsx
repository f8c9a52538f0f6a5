import { Skip } from '@/components/drawn-icons';
import type { RadioSong } from '@/lib/schemas/song';
import { useSkipVote } from '../api/skip-song';

interface SkipKeyProps {
  song: RadioSong | null;
  voted: boolean;
}

/** A vote against the song on air; lime once it is given. */
export function SkipKey({ song, voted }: SkipKeyProps) {
  const { mutate, isPending } = useSkipVote();
  return (
    <div className="key-box">
      <button
        type="button"
        className="k k-skip"
        aria-pressed={voted}
        disabled={song === null}
        onClick={() => {
          if (song !== null && !voted && !isPending) mutate(song.seq);
        }}
      >
        <Skip className="i" aria-hidden="true" />
        <span>{voted ? 'Voted' : 'Skip'}</span>
      </button>
    </div>
  );
}
