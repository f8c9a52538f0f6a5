import { CircleQuestion } from 'pixelarticons/react/CircleQuestion.js';
import { useId } from 'react';
import { useTranslation } from '@/lib/i18n/use-translation';
import { reasonOf } from '@/lib/reason';
import type { RadioSong } from '@/lib/schemas/song';
import { usePopover } from '../hooks/use-popover';

/** A paper note with the reason why this song is on. */
export function WhyKey({ song }: { song: RadioSong | null }) {
  const { t } = useTranslation('radio');
  const { open, toggle, box } = usePopover();
  const noteId = useId();
  return (
    <div className="key-box" ref={box}>
      <button
        type="button"
        className="k"
        aria-expanded={open}
        aria-controls={noteId}
        disabled={song === null}
        onClick={toggle}
      >
        <CircleQuestion className="i mirrors" aria-hidden="true" />
        {t('why.key')}
      </button>
      {open && song !== null && (
        <div className="pop pop--note" id={noteId} role="status">
          <p className="led">{t('why.title')}</p>
          <p>{reasonOf(song.why)}</p>
        </div>
      )}
    </div>
  );
}
