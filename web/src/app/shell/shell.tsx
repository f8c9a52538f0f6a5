import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Outlet, useLocation } from 'react-router';
import { ConnectionBanner } from '@/components/connection-banner';
import { LidProvider, LidSlot } from '@/components/lid';
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
import { takeDownFirstPaint } from '@/lib/first-paint';
import type { Flavour } from '@/lib/flavour';
import { useTranslation } from '@/lib/i18n/use-translation';
import { useSoloPlays } from '@/lib/solo';
import { useStationClock } from '@/lib/station-clock';
import { useParts } from '@/lib/use-parts';
import { usePictureFlavour } from '@/lib/use-picture-flavour';
import { layoutOf, PAGES } from '../pages';
import type { RadioContext } from '../radio-context';
import { Dock } from './dock';
import { Footer } from './footer';
import { Header } from './header';
import { PageBoundary } from './page-boundary';
import { useCanonical } from './use-canonical';
import { useKeys } from './use-keys';
import { useLiveStation } from './use-live-station';

/** In this order they come, when the page is opened. */
const Part = { DEVICE: 1, PAGE: 2, FOOT: 3, MEDIA: 4 } as const;
const PARTS = Part.MEDIA;

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
  const pageName = PAGES.find(({ to }) => away && to !== '/' && pathname.startsWith(to))?.name;
  const client = useQueryClient();
  const stream = useRadioRhythm();
  useLiveStation();
  useClockSync(useStationClock());
  const onAir = useOnAir(stream);
  const song = onAir.current;
  const parts = useParts(PARTS);
  const player = useStationPlayer(stream, parts >= Part.MEDIA);
  const flavour = usePictureFlavour(song?._id ?? '', song?.albumArt ?? '');
  const connection = useConnection().state;
  // Opened without a line: nothing of any page is known, so all of them say the same.
  const cutOff = stream === undefined && (connection === 'offline' || connection === 'unreachable');
  useMediaSession(stream, song, player);
  useKeys({ ...player, onRadio: !away });

  const [lidFlavour, setLidFlavour] = useState<Flavour | null>(null);

  useEffect(() => {
    document.documentElement.dataset.flavour = flavour;
  }, [flavour]);
  const opened = useRef(pathname);
  useEffect(() => {
    if (opened.current !== pathname) {
      window.scrollTo({ top: 0 });
      takeDownFirstPaint();
    }
    opened.current = pathname;
  }, [pathname]);

  const heart = useMemo(
    () => (song === null ? <IdleHeartKey /> : <HeartKey song={song} />),
    [song],
  );
  const miniHeart = useMemo(() => (song === null ? null : <MiniHeart song={song} />), [song]);
  const moment = useMemo(
    () =>
      song === null ? null : <Moment key={song.seq} songId={song._id} startedAt={song.startedAt} />,
    [song],
  );
  const tryAgain = useCallback(
    () => void client.refetchQueries({ queryKey: radioStreamOptions().queryKey }),
    [client],
  );
  const context = useMemo<RadioContext>(() => ({ stream, onAir }), [stream, onAir]);
  return (
    <LidProvider onFlavour={setLidFlavour}>
      <a className="to-content" href={away ? '#content' : '#next'}>
        {t(away ? 'toContent.page' : 'toContent.next')}
      </a>
      <div className={`app app--${layout}`} data-quiet={useSoloPlays()}>
        <div className={away ? 'device lid' : 'device'} data-flavour={lidFlavour ?? flavour}>
          <Header
            listeners={stream?.listeners ?? null}
            alone={connection === 'offline' || isAlone(stream?.listeners, player.joined)}
          />
          <ConnectionBanner plays={player.joined && song !== null} onTry={tryAgain} />
          <Player
            stream={stream}
            song={song}
            player={player}
            flavour={flavour}
            away={away}
            heart={heart}
            moment={moment}
            miniHeart={miniHeart}
          />
          <LidSlot />
        </div>
        {parts >= Part.PAGE && (
          <Suspense fallback={<main className="page page--list" id="content" aria-busy="true" />}>
            <PageBoundary
              path={pathname}
              title={pageName === undefined ? 'PopRadio' : t(`pages.${pageName}`)}
            >
              {cutOff ? <OfflineRoute /> : <Outlet context={context} />}
            </PageBoundary>
          </Suspense>
        )}
        {parts >= Part.FOOT && <Footer />}
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
