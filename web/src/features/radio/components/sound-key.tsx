import { Volume2 } from 'pixelarticons/react/Volume2.js';
import { VolumeX } from 'pixelarticons/react/VolumeX.js';
import { useId } from 'react';
import { vars } from '@/lib/css-vars';
import { formatCount, formatPercent } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import { usePopover } from '../hooks/use-popover';
import type { Sound } from '../hooks/use-sound';

interface SoundKeyProps {
  sound: Sound;
  onSound: (sound: Sound) => void;
}

/** Opens a slider, upwards. Crossed out while there is no sound. */
export function SoundKey({ sound, onSound }: SoundKeyProps) {
  const { t } = useTranslation('radio');
  const { open, toggle, box } = usePopover();
  const panelId = useId();
  const silent = sound.muted || sound.volume === 0;
  const shown = silent ? 0 : sound.volume;
  const Icon = silent ? VolumeX : Volume2;
  return (
    <div className="key-box" ref={box}>
      <button
        type="button"
        className="k"
        aria-expanded={open}
        aria-controls={panelId}
        onClick={toggle}
      >
        <Icon className="i" aria-hidden="true" />
        {t('sound.key')}
      </button>
      {open && (
        <div className="pop pop--sound" id={panelId} role="group" aria-label={t('sound.key')}>
          <span className="led">{formatCount(Math.round(shown * 100))}</span>
          <span className="slider" style={vars({ '--v': shown })}>
            <input
              type="range"
              min={0}
              max={1}
              step={0.05}
              value={shown}
              aria-label={t('sound.volume')}
              aria-orientation="vertical"
              aria-valuetext={silent ? t('sound.muted') : formatPercent(shown)}
              onChange={(event) => {
                const volume = event.target.valueAsNumber;
                onSound({ volume, muted: volume === 0 });
              }}
            />
          </span>
          <button
            type="button"
            className="gel gel--clear gel--icon"
            aria-pressed={silent}
            aria-label={t('sound.mute')}
            onClick={() =>
              onSound(
                silent ? { volume: sound.volume || 0.8, muted: false } : { ...sound, muted: true },
              )
            }
          >
            <Icon className="i" aria-hidden="true" />
          </button>
        </div>
      )}
    </div>
  );
}
