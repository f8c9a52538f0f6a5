import { type ReactNode, useRef } from 'react';
import { Ridge } from '@/components/ridge';
import { useConnection } from '@/lib/connection';
import type { Flavour } from '@/lib/flavour';
import type { RadioSong } from '@/lib/schemas/song';
import { useStationClock } from '@/lib/station-clock';
import type { RadioStream } from '../api/get-radio-stream';
import { useFollowingWindow } from '../hooks/use-following-window';
import type { StationPlayerHandle } from '../hooks/use-station-player';
import { syncWord } from '../lib/sync-word';
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
export function Player({
  stream,
  song,
  player,
  flavour,
  away,
  heart,
  miniHeart,
  moment,
}: PlayerProps) {
  const screenRef = useRef<HTMLDivElement>(null);
  useFollowingWindow(player.medium, player.showsPicture);
  const connection = useConnection().state;
  const known = stream !== undefined;
  const skip =
    stream?.nowPlaying != null && stream.nowPlaying.seq === song?.seq ? stream.skip : null;
  const policyOnly = stream === undefined ? null : { ...stream.skip, votes: 0, voted: false };
  const sync = syncWord(player, connection, useStationClock().uncertaintyMs);
  return (
    <section className={away ? 'mini' : 'shell'} data-flavour={flavour} aria-label="Player">
      {!away && (
        <div className="strip">
          <span className="led">{song === null ? 'Off air' : 'On air'}</span>
          <Ridge />
          {player.joined && song !== null && <ReactionKeys />}
          {player.joined && (
            <ScreenKeys screen={screenRef} video={player.medium} hasPicture={player.showsPicture} />
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
        moment={moment}
      />
      {away ? (
        <ShutDisplay song={song} heart={miniHeart} />
      ) : (
        <div className="deck">
          <Display
            song={song}
            idleTitle={known ? 'No songs yet' : connection === 'fine' ? 'Tuning in' : 'No signal'}
            idleLine={known ? 'The shelf is empty' : 'PopRadio'}
            sync={sync}
            moving={sync !== 'no signal' && (song !== null || !known)}
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
}
