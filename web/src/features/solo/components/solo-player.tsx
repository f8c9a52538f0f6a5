import { Close } from 'pixelarticons/react/Close.js';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { Art } from '@/components/art';
import { Skip } from '@/components/drawn-icons';
import { Ridge } from '@/components/ridge';
import { useDataSaver } from '@/lib/data-saver';
import type { Flavour } from '@/lib/flavour';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { Song } from '@/lib/schemas/song';
import { useQuietRadio } from '@/lib/solo';
import { useLockScreen } from '../hooks/use-lock-screen';
import { usePlayCount } from '../hooks/use-play-count';
import { useSoloMedium } from '../hooks/use-solo-medium';
import { soloSources } from '../lib/solo-source';

const SoundPicture = lazy(() => import('@/components/sound-picture'));

interface SoloPlayerProps {
  song: Song;
  flavour: Flavour;
  /** "2 of 12", where it plays from a list. */
  place?: string;
  /** The key to the next song of the list; without one there is no such key. */
  onNext?: (() => void) | undefined;
  /** The song is over, by itself. */
  onEnded: () => void;
  onClose: () => void;
}

/** A song on its own, outside the radio, which is silent meanwhile. One media element for a whole list. */
export function SoloPlayer({ song, flavour, place, onNext, onEnded, onClose }: SoloPlayerProps) {
  const { t } = useTranslation('solo');
  const [tried, setTried] = useState({ songId: song._id, sources: 0 });
  if (tried.songId !== song._id) setTried({ songId: song._id, sources: 0 });
  const source = soloSources(song, useDataSaver())[tried.sources] ?? null;
  const [plays, setPlays] = useState(false);
  const box = useRef<HTMLElement>(null);

  useQuietRadio(true);
  usePlayCount(song._id, plays && source !== null);
  useLockScreen(song, plays);
  const failed = useCallback(
    () => setTried((before) => ({ ...before, sources: before.sources + 1 })),
    [],
  );
  const {
    place: frames,
    video,
    element,
  } = useSoloMedium(source?.url ?? null, song.title, {
    onPlays: setPlays,
    onEnded,
    onFailed: failed,
  });
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);

  return (
    <section className="solo" ref={box} data-flavour={flavour} aria-label={t('label')}>
      <div className="solo-head">
        <span className="led">{t('label')}</span>
        <Ridge />
        {place !== undefined && <span className="led">{place}</span>}
        {onNext !== undefined && (
          <button type="button" className="ghost" aria-label={t('next')} onClick={onNext}>
            <Skip className="i" aria-hidden="true" />
          </button>
        )}
        <button type="button" className="ghost" aria-label={t('stop')} onClick={onClose}>
          <Close className="i" aria-hidden="true" />
        </button>
      </div>
      <div className="bezel">
        <div className="screen">
          {source === null && (
            <div className="sleeve" data-shows="failed">
              <span className="sleeve-art">
                <Art src={song.albumArt} eager />
              </span>
              <p className="sleeve-note name" role="status">
                {t('failed')}
              </p>
            </div>
          )}
          {source?.picture === false && (
            <div className="sleeve" data-shows="sound">
              <Suspense fallback={null}>
                <SoundPicture
                  title={song.title}
                  artist={song.artist}
                  art={song.albumArt}
                  medium={element}
                  plays={plays}
                />
              </Suspense>
            </div>
          )}
          <div className="frames" ref={frames} data-onair={source?.by === 'site'} />
          {/* Captions come from the medium itself, if it has any. */}
          {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
          <video
            ref={video}
            className="solo-video"
            data-picture={source?.picture}
            hidden={source === null || source.by === 'site'}
            controls
            playsInline
            aria-label={source === null ? undefined : t('medium', { title: song.title })}
          />
        </div>
      </div>
      <p className="solo-note">
        <b className="cut">{song.title}</b>
        <span className="by">{t('radioIsSilent')}</span>
      </p>
    </section>
  );
}
