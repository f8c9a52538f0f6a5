import {
  startTransition,
  useCallback,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { savesData, useDataSaver } from '@/lib/data-saver';
import { MediaPlayer } from '@/lib/media/media-player';
import { soloPlays, useSoloPlays } from '@/lib/solo';
import { useStationClock } from '@/lib/station-clock';
import { device, tab } from '@/lib/storage';
import type { RadioStream } from '../api/get-radio-stream';
import { reportPlay } from '../api/report-play';
import { MOST_START_LEAD_MS, TICK_MS } from '../lib/pace';
import { PlayReporter } from '../lib/play-reporter';
import type { PlayerState } from '../lib/player-state';
import { StationPlayer } from '../lib/station-player';
import { untilNextChange } from '../lib/timeline';
import { type Sound, useSound } from './use-sound';

const JOINED_KEY = 'popradio.joined';

export interface StationPlayerHandle extends PlayerState {
  sound: Sound;
  setSound: (sound: Sound) => void;
  join: () => void;
  /** Stops until somebody joins again. */
  leave: () => void;
  unmute: () => void;
  /** For the two decks. The place of a deck's frames comes before its video in the document. */
  decks: readonly [DeckRefs, DeckRefs];
  /** The element on air, once it is in the document; null while a frame is on air. */
  medium: HTMLVideoElement | null;
}
interface DeckRefs {
  frames: (element: HTMLElement | null) => void;
  video: (element: HTMLVideoElement | null) => (() => void) | undefined;
}

/**
 * The player of the page: drives two media elements from the stream and the station's clock, and reports plays.
 * @param free False while the page is still being put together: what plays is fetched after that, or when somebody joins.
 */
export function useStationPlayer(
  stream: RadioStream | undefined,
  free = true,
): StationPlayerHandle {
  const clock = useStationClock();
  const [sound, setSound] = useSound();
  const [{ player, reporter }] = useState(() => {
    const reporter = new PlayReporter({ report: reportPlay, kept: device });
    const player = new StationPlayer({
      clock,
      onListening: (slot, ms) => {
        if (!soloPlays()) reporter.listened(slot, ms);
      },
      preferAudio: savesData(),
    });
    return { player, reporter };
  });
  const state = useSyncExternalStore(player.subscribe, player.snapshot);

  // Who listened before the page was loaded anew waits for nothing.
  const [goesOn] = useState(() => tab.get(JOINED_KEY) === 'yes');
  const mayBegin = free || goesOn;
  useEffect(() => {
    if (mayBegin) player.setStream(stream);
  }, [player, stream, mayBegin]);
  // What plays outside the radio silences it; it stays in step meanwhile.
  const quiet = useSoloPlays();
  useEffect(() => player.setSound(sound.volume, sound.muted || quiet), [player, sound, quiet]);

  const soundOnly = useDataSaver();
  useEffect(() => player.setSoundOnly(soundOnly), [player, soundOnly]);

  useEffect(() => {
    let exact: ReturnType<typeof setTimeout>[] = [];
    const timer = setInterval(() => {
      player.tick();
      const change = untilNextChange(stream, clock.now());
      if (change === null || change >= 2 * TICK_MS + MOST_START_LEAD_MS) return;
      exact.forEach(clearTimeout); // the change of song falls between two ticks: be there
      exact = player.exactlyAt
        .filter((ahead) => change > ahead)
        .map((ahead) => setTimeout(() => player.tick(), change - ahead + 1));
    }, TICK_MS);
    return () => {
      clearInterval(timer);
      exact.forEach(clearTimeout);
    };
  }, [player, stream, clock]);

  useEffect(() => {
    const leave = (): void => reporter.flush();
    window.addEventListener('pagehide', leave);
    return () => window.removeEventListener('pagehide', leave);
  }, [reporter]);

  const join = useCallback(() => {
    tab.set(JOINED_KEY, 'yes');
    player.setStream(stream);
    void player.join();
  }, [player, stream]);

  const leave = useCallback(() => {
    tab.set(JOINED_KEY, 'no');
    player.leave();
  }, [player]);

  // A reload in the middle of a song goes on where the browser lets it; where it does not, the invitation stands.
  const hasSong = stream?.nowPlaying != null;
  useEffect(() => {
    if (hasSong && mayBegin && tab.get(JOINED_KEY) === 'yes') void player.join();
  }, [player, hasSong, mayBegin]);

  const [media, setMedia] = useState<readonly [HTMLVideoElement | null, HTMLVideoElement | null]>([
    null,
    null,
  ]);
  const decks = useMemo(() => {
    const refsFor = (index: 0 | 1): DeckRefs => {
      let place: HTMLElement | null = null;
      return {
        frames: (element) => {
          place = element;
        },
        video: (element) => {
          // Nothing that is seen waits for this: it need not be drawn in the same breath.
          startTransition(() =>
            setMedia((before) => (index === 0 ? [element, before[1]] : [before[0], element])),
          );
          if (element === null || place === null) return undefined;
          const medium = new MediaPlayer(element, place);
          const detach = player.attach(index, medium);
          return () => {
            detach();
            medium.dispose();
          };
        },
      };
    };
    return [refsFor(0), refsFor(1)] as const;
  }, [player]);

  const unmute = useCallback(() => {
    setSound({ volume: sound.volume === 0 ? 0.8 : sound.volume, muted: false });
    player.unmute();
  }, [player, setSound, sound.volume]);

  const medium = state.inFrame ? null : media[state.active];
  return useMemo(
    () => ({ ...state, sound, setSound, join, leave, unmute, decks, medium }),
    [state, sound, setSound, join, leave, unmute, decks, medium],
  );
}
