import { PixelPicture } from '@/components/pixel-picture';
import { REACTIONS } from '@/lib/events/station-event';
import { useTranslation } from '@/lib/i18n/use-translation';
import { useReact } from '../api/react';
import { NAMES, PICTURES } from '../lib/reactions';

/** Five ways to say it without words. */
export function ReactionKeys() {
  const { t } = useTranslation('radio');
  const react = useReact();
  return (
    <div className="reactions" role="group" aria-label={t('react.label')}>
      {REACTIONS.map((reaction) => (
        <button
          key={reaction}
          type="button"
          className="reaction"
          aria-label={t(`react.${NAMES[reaction]}`)}
          onClick={() => react(reaction)}
        >
          <PixelPicture rows={PICTURES[reaction]} />
        </button>
      ))}
    </div>
  );
}
