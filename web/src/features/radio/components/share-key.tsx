import { Share } from 'pixelarticons/react/Share.js';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { RadioSong } from '@/lib/schemas/song';
import { share } from '@/lib/share';

/** Sends the station on. */
export function ShareKey({ song }: { song: RadioSong | null }) {
  const { t } = useTranslation(['radio', 'common']);
  const text = song === null ? 'PopRadio' : t('share', { title: song.title, artist: song.artist });
  return (
    <div className="key-box">
      <button type="button" className="k" onClick={() => void share('PopRadio', text, '/')}>
        <Share className="i" aria-hidden="true" />
        {t('common:share')}
      </button>
    </div>
  );
}
