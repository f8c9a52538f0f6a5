import { Volume2 } from 'pixelarticons/react/Volume2.js';
import { Fragment, type ReactNode, type RefObject, useState } from 'react';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { RadioSong } from '@/lib/schemas/song';
import type { Captions } from '../hooks/use-captions';
import type { StationPlayerHandle } from '../hooks/use-station-player';
import { EmptyScreen } from './empty-screen';
import { Invitation } from './invitation';
import { Mosaic } from './mosaic';
import { ReactionKeys } from './reaction-keys';
import { Rising } from './rising';
import { ScreenKeys } from './screen-keys';
import { Sleeve } from './sleeve';

interface ScreenProps {
  song: RadioSong | null;
  /** False before the station has answered for the first time. */
  known: boolean;
  listeners: number;
  player: StationPlayerHandle;
  /** The phone is shut: the picture plays on, small, and has no keys. */
  away: boolean;
  screenRef: RefObject<HTMLDivElement | null>;
  captions: Captions;
  /** What is said at this second, on the picture. */
  moment: ReactNode;
}

function sleeveShows(player: StationPlayerHandle): 'cover' | 'sound' | 'failed' {
  if (!player.joined) return 'cover';
  if (player.phase === 'failed') return 'failed';
  return player.kind === 'audio' ? 'sound' : 'cover';
}

/** The picture: two decks, the cover below them, and what is said on top. */
export function Screen({
  song,
  known,
  listeners,
  player,
  away,
  screenRef,
  captions,
  moment,
}: ScreenProps) {
  const { t } = useTranslation('radio');
  const [keysShown, setKeysShown] = useState(false);
  const inviting = song !== null && !player.joined;

  return (
    <div className="bezel">
      <div className="screen" ref={screenRef} data-keys={keysShown} data-joined={player.joined}>
        {song !== null && (
          <Sleeve
            song={song}
            shows={sleeveShows(player)}
            medium={player.medium}
            small={away}
            plays={!away && (player.phase === 'playing' || player.phase === 'catching-up')}
          />
        )}
        {song === null && (known || away) && <EmptyScreen />}
        {player.decks.map((deck, index) => {
          const shown = index === player.active && player.showsPicture && player.joined;
          return (
            <Fragment key={index === 0 ? 'a' : 'b'}>
              <div className="frames" ref={deck.frames} data-onair={shown && player.inFrame} />
              {/* Captions come from the medium itself, if it has any. */}
              {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
              <video
                ref={deck.video}
                playsInline
                disableRemotePlayback
                tabIndex={-1}
                aria-hidden={index !== player.active || player.inFrame}
                aria-label={song === null ? undefined : t('video', { title: song.title })}
                data-onair={shown && !player.inFrame}
              />
            </Fragment>
          );
        })}
        {song !== null && <Mosaic art={song.albumArt} medium={player.medium} shown={inviting} />}
        {player.joined && <Rising songId={song?._id ?? null} likes={song?.likes ?? 0} />}
        {player.joined && !away && (
          <>
            <button
              type="button"
              className="screen-tap"
              aria-label={t(keysShown ? 'keys.hide' : 'keys.show')}
              onClick={() => setKeysShown((shown) => !shown)}
            />
            <ScreenKeys
              screen={screenRef}
              video={player.medium}
              hasPicture={player.showsPicture}
              captions={captions}
            />
            {song !== null && <ReactionKeys songId={song._id} />}
          </>
        )}
        {player.joined && !away && moment}
        {player.silenced && !away && (
          <div className="unmute">
            <button type="button" className="gel" onClick={player.unmute}>
              <Volume2 className="i" aria-hidden="true" />
              {t('sound.tap')}
            </button>
          </div>
        )}
        {inviting && !away && <Invitation song={song} listeners={listeners} onJoin={player.join} />}
      </div>
    </div>
  );
}
