import { useCallback, useEffect, useState } from 'react';
import { currentLanguage } from '@/lib/i18n/i18n';
import { device } from '@/lib/storage';
import { captionFor, showCaption } from '../lib/captions';

const KEY = 'popradio.captions';

export interface Captions {
  /** Whether the medium on air has any. */
  available: boolean;
  on: boolean;
  toggle: () => void;
}

/** The text that comes with a medium, shown or not as this listener likes it, song after song. */
export function useCaptions(medium: HTMLVideoElement | null): Captions {
  const [on, setOn] = useState(() => device.get(KEY) === 'on');
  const [available, setAvailable] = useState(false);
  useEffect(() => {
    const list = medium?.textTracks;
    // Not every browser has lists that tell when they change.
    if (list === undefined || !('addEventListener' in list)) return undefined;
    const put = (): void => {
      const tracks = Array.from(list);
      const suits = captionFor(tracks, [currentLanguage(), ...navigator.languages]);
      setAvailable(suits !== null);
      showCaption(tracks, on ? suits : null);
    };
    put();
    const events = ['addtrack', 'removetrack', 'change'];
    for (const event of events) list.addEventListener(event, put);
    // A new song may leave the list of the one before behind, and tell nobody.
    medium?.addEventListener('emptied', put);
    medium?.addEventListener('loadeddata', put);
    return () => {
      for (const event of events) list.removeEventListener(event, put);
      medium?.removeEventListener('emptied', put);
      medium?.removeEventListener('loadeddata', put);
    };
  }, [medium, on]);
  const toggle = useCallback(() => {
    device.set(KEY, on ? 'off' : 'on');
    setOn(!on);
  }, [on]);
  return { available, on, toggle };
}
