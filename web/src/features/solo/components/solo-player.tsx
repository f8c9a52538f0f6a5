import { Close } from 'pixelarticons/react/Close.js';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Art } from '@/components/art';
import { Skip } from '@/components/drawn-icons';
import { Equaliser } from '@/components/equaliser';
import { Ridge } from '@/components/ridge';
import type { Flavour } from '@/lib/flavour';
import type { Song } from '@/lib/schemas/song';
import { useQuietRadio } from '@/lib/solo';
import { useFrame } from '../hooks/use-frame';
import { useLockScreen } from '../hooks/use-lock-screen';
import { usePlayCount } from '../hooks/use-play-count';
import type { FrameNews } from '../lib/frame-talk';
import { soloSources } from '../lib/solo-source';

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
  const source = soloSources(song, window.location.origin)[tried.sources] ?? null;
  const [plays, setPlays] = useState(false);
  const frame = useRef<HTMLIFrameElement>(null);
  const box = useRef<HTMLElement>(null);

  useQuietRadio(true);
  usePlayCount(song._id, plays && source !== null);
  useLockScreen(song, plays);
  const failed = useCallback(
    () => setTried((before) => ({ ...before, sources: before.sources + 1 })),
    [],
  );
  const onNews = useCallback(
    (news: FrameNews) => {
      setPlays(news === 'playing');
      if (news === 'ended') onEnded();
      if (news === 'failed') failed();
    },
    [onEnded, failed],
  );
  useFrame(frame, source, onNews);
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
          {(source === null || (source.kind === 'file' && !source.picture)) && (
            <div className="sleeve" data-shows={source === null ? 'failed' : 'sound'}>
              <span className="sleeve-art">
                <Art src={song.albumArt} eager />
              </span>
              {source === null ? (
                <p className="sleeve-note name" role="status">
                  {t('failed')}
                </p>
              ) : (
                <span className="sleeve-bars">
                  <Equaliser still={!plays} />
                  <Equaliser still={!plays} />
                  <Equaliser still={!plays} />
                </span>
              )}
            </div>
          )}
          {source?.kind === 'file' && (
            // Captions come from the medium itself, if it has any.
            // eslint-disable-next-line jsx-a11y/media-has-caption
            <video
              className="solo-video"
              data-picture={source.picture}
              src={source.url}
              controls
              autoPlay
              playsInline
              aria-label={t('medium', { title: song.title })}
              onPlaying={() => setPlays(true)}
              onPause={() => setPlays(false)}
              onWaiting={() => setPlays(false)}
              onEnded={onEnded}
              onError={failed}
            />
          )}
          {source !== null && source.kind !== 'file' && (
            <iframe
              key={source.url}
              ref={frame}
              className="solo-frame"
              src={source.url}
              title={t('medium', { title: song.title })}
              allow="autoplay; fullscreen; picture-in-picture; encrypted-media"
              allowFullScreen
            />
          )}
        </div>
      </div>
      <p className="solo-note">
        <b className="cut">{song.title}</b>
        <span className="by">{t('radioIsSilent')}</span>
      </p>
    </section>
  );
}
