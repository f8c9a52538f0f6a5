import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useLocation } from 'react-router';
import { ConnectionBanner } from '@/components/connection-banner';
import { type LidPlace, LidProvider } from '@/components/lid';
import { Moment } from '@/features/comments/components/moment';
import { HeartKey } from '@/features/likes/components/heart-key';
import { IdleHeartKey } from '@/features/likes/components/idle-heart-key';
import { MiniHeart } from '@/features/likes/components/mini-heart';
import { radioStreamOptions } from '@/features/radio/api/get-radio-stream';
import { Player } from '@/features/radio/components/player';
import { useClockSync } from '@/features/radio/hooks/use-clock-sync';
import { useMediaSession } from '@/features/radio/hooks/use-media-session';
import { useOnAir } from '@/features/radio/hooks/use-on-air';
import { useRadioRhythm } from '@/features/radio/hooks/use-radio-rhythm';
import { useStationPlayer } from '@/features/radio/hooks/use-station-player';
import { useConnection } from '@/lib/connection';
import type { Flavour } from '@/lib/flavour';
import { useSoloPlays } from '@/lib/solo';
import { useStationClock } from '@/lib/station-clock';
import { usePictureFlavour } from '@/lib/use-picture-flavour';
import { layoutOf } from '../pages';
import type { RadioContext } from '../radio-context';
import { Dock } from './dock';
import { Footer } from './footer';
import { Header } from './header';
import { useCanonical } from './use-canonical';
import { useKeys } from './use-keys';
import { useLiveStation } from './use-live-station';

const OfflineRoute = lazy(() => import('../routes/offline'));

/** Nobody but whoever looks at this page. */
const isAlone = (listeners: number | undefined, joined: boolean): boolean =>
  listeners !== undefined && listeners <= (joined ? 1 : 0);

/** Everything that stays while pages change: the bar, the device, the tabs, and the music. */
export function Shell() {
  const { t } = useTranslation('shell');
  const { pathname } = useLocation();
  useCanonical(pathname);
  const layout = layoutOf(pathname);
  const away = layout !== 'radio';
  const client = useQueryClient();
  const stream = useRadioRhythm();
  useLiveStation();
  useClockSync(useStationClock());
  const onAir = useOnAir(stream);
  const song = onAir.current;
  const player = useStationPlayer(stream);
  const flavour = usePictureFlavour(song?._id ?? '', song?.albumArt ?? '');
  const connection = useConnection().state;
  // Opened without a line: nothing of any page is known, so all of them say the same.
  const cutOff = stream === undefined && (connection === 'offline' || connection === 'unreachable');
  useMediaSession(stream, song, player);
  useKeys({ ...player, onRadio: !away });

  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [lidFlavour, setFlavour] = useState<Flavour | null>(null);
  const lid = useMemo<LidPlace>(() => ({ slot, setFlavour }), [slot]);

  useEffect(() => {
    document.documentElement.dataset.flavour = flavour;
  }, [flavour]);
  useEffect(() => {
    window.scrollTo({ top: 0 });
  }, [pathname]);

  const context: RadioContext = { stream, onAir };
  return (
    <LidProvider value={lid}>
      <a className="to-content" href={away ? '#content' : '#next'}>
        {t(away ? 'toContent.page' : 'toContent.next')}
      </a>
      <div className={`app app--${layout}`} data-quiet={useSoloPlays()}>
        <div className={away ? 'device lid' : 'device'} data-flavour={lidFlavour ?? flavour}>
          <Header
            listeners={stream?.listeners ?? null}
            alone={connection === 'offline' || isAlone(stream?.listeners, player.joined)}
          />
          <ConnectionBanner
            plays={player.joined && song !== null}
            onTry={() => void client.refetchQueries({ queryKey: radioStreamOptions().queryKey })}
          />
          <Player
            stream={stream}
            song={song}
            player={player}
            flavour={flavour}
            away={away}
            heart={song === null ? <IdleHeartKey /> : <HeartKey song={song} />}
            moment={
              song === null ? null : (
                <Moment key={song.seq} songId={song._id} startedAt={song.startedAt} />
              )
            }
            miniHeart={song === null ? null : <MiniHeart song={song} />}
          />
          <div className="lid-slot" ref={setSlot} />
        </div>
        <Suspense fallback={<main className="page page--list" id="content" aria-busy="true" />}>
          {cutOff ? <OfflineRoute /> : <Outlet context={context} />}
        </Suspense>
        <Footer />
        <Dock away={away} />
      </div>
      <p className="vh" aria-live="polite">
        {song !== null && player.joined
          ? t('nowPlaying', { title: song.title, artist: song.artist })
          : ''}
      </p>
    </LidProvider>
  );
}
