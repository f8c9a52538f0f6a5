import { Share } from 'pixelarticons/react/Share.js';
import type { RadioSong } from '@/lib/schemas/song';
import { share } from '@/lib/share';

/** Sends the station on. */
export function ShareKey({ song }: { song: RadioSong | null }) {
  const text =
    song === null
      ? 'PopRadio'
      : `${song.title} by ${song.artist} is on PopRadio, in step with everybody.`;
  return (
    <div className="key-box">
      <button type="button" className="k" onClick={() => void share('PopRadio', text, '/')}>
        <Share className="i" aria-hidden="true" />
        Share
      </button>
    </div>
  );
}
