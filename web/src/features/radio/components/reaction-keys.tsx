import { useState } from 'react';
import { PixelPicture } from '@/components/pixel-picture';
import { REACTIONS } from '@/lib/events/station-event';
import { useTranslation } from '@/lib/i18n/use-translation';
import { useReact } from '../api/react';
import { NAMES, PICTURES } from '../lib/reactions';

/** Five ways to say it without words. On a phone's picture they show themselves once: to the song that they came with. */
export function ReactionKeys({ songId = null }: { songId?: string | null }) {
  const { t } = useTranslation('radio');
  const [cameWith] = useState(songId);
  const react = useReact();
  return (
    <div
      className="reactions"
      role="group"
      aria-label={t('react.label')}
      data-lingers={songId === cameWith}
    >
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
