import { BadgeCaptions } from 'pixelarticons/react/BadgeCaptions.js';
import { PictureInPicture } from 'pixelarticons/react/PictureInPicture.js';
import { Scale } from 'pixelarticons/react/Scale.js';
import type { RefObject } from 'react';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { Captions } from '../hooks/use-captions';

interface ScreenKeysProps {
  screen: RefObject<HTMLDivElement | null>;
  /** The medium on air. */
  video: HTMLVideoElement | null;
  hasPicture: boolean;
  captions: Captions;
}

/** Safari on iPhone has full screen for videos only, under a name of its own. */
interface SafariVideo {
  webkitEnterFullscreen?: () => void;
}

function toggleFullScreen(
  screen: HTMLElement | null,
  video: (HTMLVideoElement & SafariVideo) | null,
): void {
  if (document.fullscreenElement !== null) void document.exitFullscreen();
  else if (document.fullscreenEnabled) void screen?.requestFullscreen();
  else video?.webkitEnterFullscreen?.();
}

function togglePictureInPicture(video: HTMLVideoElement | null): void {
  if (document.pictureInPictureElement !== null) void document.exitPictureInPicture();
  else void video?.requestPictureInPicture().catch(() => undefined);
}

/** Captions, picture in picture and full screen: each key is there only where it works. */
export function ScreenKeys({ screen, video, hasPicture, captions }: ScreenKeysProps) {
  const { t } = useTranslation('radio');
  return (
    <span className="screen-keys">
      {captions.available && hasPicture && (
        <button
          type="button"
          className="ghost"
          aria-label={t('keys.captions')}
          aria-pressed={captions.on}
          onClick={captions.toggle}
        >
          <BadgeCaptions className="i" aria-hidden="true" />
        </button>
      )}
      {document.pictureInPictureEnabled && hasPicture && video !== null && (
        <button
          type="button"
          className="ghost"
          aria-label={t('keys.pictureInPicture')}
          onClick={() => togglePictureInPicture(video)}
        >
          <PictureInPicture className="i" aria-hidden="true" />
        </button>
      )}
      <button
        type="button"
        className="ghost"
        aria-label={t('keys.fullScreen')}
        onClick={() => toggleFullScreen(screen.current, video)}
      >
        <Scale className="i" aria-hidden="true" />
      </button>
    </span>
  );
}
