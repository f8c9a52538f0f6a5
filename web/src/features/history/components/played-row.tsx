import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Art } from '@/components/art';
import { formatClock } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import { reasonOf } from '@/lib/reason';
import type { Slot } from '../api/get-history';

/** One playing: when, what, and why it was chosen. */
export function PlayedRow({ slot, heart }: { slot: Slot; heart: ReactNode }) {
  const { t } = useTranslation('history');
  const { song } = slot;
  return (
    <div className="row">
      <time className="when led" dateTime={new Date(slot.startsAt).toISOString()}>
        {formatClock(slot.startsAt)}
      </time>
      <span className="art">
        <Art src={song.albumArt} sidePx={48} />
      </span>
      <Link className="what" to={`/songs/${song._id}`}>
        <span className="name cut" dir="auto">
          {song.title}
        </span>
        <span className="by cut" dir="auto">
          {song.artist}
          {slot.skipped && <span className="tag">{t('skipped')}</span>}
        </span>
        <span className="by why">{reasonOf(slot.why)}</span>
      </Link>
      {heart}
    </div>
  );
}
