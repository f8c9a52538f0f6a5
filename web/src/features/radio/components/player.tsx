import { memo, type ReactNode, useRef } from 'react';
import { Ridge } from '@/components/ridge';
import { useConnection } from '@/lib/connection';
import type { Flavour } from '@/lib/flavour';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { RadioSong } from '@/lib/schemas/song';
import { useStationClock } from '@/lib/station-clock';
import type { RadioStream } from '../api/get-radio-stream';
import { useCaptions } from '../hooks/use-captions';
import { useFollowingWindow } from '../hooks/use-following-window';
import type { StationPlayerHandle } from '../hooks/use-station-player';
import { useWakeLock } from '../hooks/use-wake-lock';
import { syncState } from '../lib/sync-state';
import { Display } from './display';
import { KeyPlate } from './key-plate';
import { ReactionKeys } from './reaction-keys';
import { Screen } from './screen';
import { ScreenKeys } from './screen-keys';
import { ShutDisplay } from './shut-phone';

interface PlayerProps {
  stream: RadioStream | undefined;
  song: RadioSong | null;
  player: StationPlayerHandle;
  flavour: Flavour;
  /** On another page: the phone is shut and plays on. The media elements stay where they are in the document. */
  away: boolean;
  heart: ReactNode;
  miniHeart: ReactNode;
  /** What is said at this second, on the picture. */
  moment: ReactNode;
}

/** The device: screen, display and keys; or, away from the radio, the shut phone with the same screen. */
export const Player = memo(function Player({
  stream,
  song,
  player,
  flavour,
  away,
  heart,
  miniHeart,
  moment,
}: PlayerProps) {
  const { t } = useTranslation('radio');
  const screenRef = useRef<HTMLDivElement>(null);
  useFollowingWindow(player.medium, player.showsPicture);
  useWakeLock();
  const captions = useCaptions(player.medium);
  const connection = useConnection().state;
  const known = stream !== undefined;
  const skip =
    stream?.nowPlaying != null && stream.nowPlaying.seq === song?.seq ? stream.skip : null;
  const policyOnly = stream === undefined ? null : { ...stream.skip, votes: 0, voted: false };
  const sync = syncState(player, connection, useStationClock().uncertaintyMs);
  return (
    <section className={away ? 'mini' : 'shell'} data-flavour={flavour} aria-label={t('player')}>
      {!away && (
        <div className="strip">
          <span className="led">{t(song === null ? 'offAir' : 'onAir')}</span>
          <Ridge />
          {player.joined && song !== null && <ReactionKeys />}
          {player.joined && (
            <ScreenKeys
              screen={screenRef}
              video={player.medium}
              hasPicture={player.showsPicture}
              captions={captions}
            />
          )}
        </div>
      )}
      <Screen
        song={song}
        known={known}
        listeners={stream?.listeners ?? 0}
        player={player}
        away={away}
        screenRef={screenRef}
        captions={captions}
        moment={moment}
      />
      {away ? (
        <ShutDisplay song={song} heart={miniHeart} />
      ) : (
        <div className="deck">
          <Display
            song={song}
            idleTitle={t(
              known ? 'idle.noSongs' : connection === 'fine' ? 'idle.tuningIn' : 'idle.noSignal',
            )}
            idleLine={known ? t('idle.empty') : 'PopRadio'}
            sync={
              sync.offMs === null ? t(`sync.${sync.word}`) : t('sync.inStepBy', { ms: sync.offMs })
            }
            moving={sync.word !== 'noSignal' && (song !== null || !known)}
            skip={skip}
          />
          <KeyPlate
            song={song}
            skip={skip ?? policyOnly}
            sound={player.sound}
            onSound={player.setSound}
            heart={heart}
          />
        </div>
      )}
    </section>
  );
});
