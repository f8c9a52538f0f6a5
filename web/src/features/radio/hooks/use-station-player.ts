import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { soloPlays, useSoloPlays } from '@/lib/solo';
import { useStationClock } from '@/lib/station-clock';
import { device, tab } from '@/lib/storage';
import type { RadioStream } from '../api/get-radio-stream';
import { reportPlay } from '../api/report-play';
import { PlayReporter } from '../lib/play-reporter';
import type { PlayerState } from '../lib/player-state';
import { MOST_START_LEAD_MS, StationPlayer, TICK_MS } from '../lib/station-player';
import { untilNextChange } from '../lib/timeline';
import { type Sound, useSound } from './use-sound';

const JOINED_KEY = 'popradio.joined';

export interface StationPlayerHandle extends PlayerState {
  sound: Sound;
  setSound: (sound: Sound) => void;
  join: () => void;
  unmute: () => void;
  /** For the two media elements. */
  mediaRefs: readonly [MediaRef, MediaRef];
  /** The element on air, once it is in the document. */
  medium: HTMLVideoElement | null;
}
type MediaRef = (element: HTMLVideoElement | null) => (() => void) | undefined;

/** The player of the page: drives two media elements from the stream and the station's clock, and reports plays. */
export function useStationPlayer(stream: RadioStream | undefined): StationPlayerHandle {
  const clock = useStationClock();
  const [sound, setSound] = useSound();
  const [{ player, reporter }] = useState(() => {
    const reporter = new PlayReporter({ report: reportPlay, kept: device });
    const player = new StationPlayer({
      clock,
      onListening: (slot, ms) => {
        if (!soloPlays()) reporter.listened(slot, ms);
      },
      preferAudio:
        (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true,
    });
    return { player, reporter };
  });
  const state = useSyncExternalStore(player.subscribe, player.snapshot);

  useEffect(() => player.setStream(stream), [player, stream]);
  // What plays outside the radio silences it; it stays in step meanwhile.
  const quiet = useSoloPlays();
  useEffect(() => player.setSound(sound.volume, sound.muted || quiet), [player, sound, quiet]);

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
    void player.join();
  }, [player]);

  // A reload in the middle of a song goes on where the browser lets it; where it does not, the invitation stands.
  const hasSong = stream?.nowPlaying != null;
  useEffect(() => {
    if (hasSong && tab.get(JOINED_KEY) === 'yes') void player.join();
  }, [player, hasSong]);

  const [media, setMedia] = useState<readonly [HTMLVideoElement | null, HTMLVideoElement | null]>([
    null,
    null,
  ]);
  const mediaRefs = useMemo(() => {
    const refFor =
      (index: 0 | 1): MediaRef =>
      (element) => {
        setMedia((before) => (index === 0 ? [element, before[1]] : [before[0], element]));
        return element === null ? undefined : player.attach(index, element);
      };
    return [refFor(0), refFor(1)] as const;
  }, [player]);

  return {
    ...state,
    sound,
    setSound,
    join,
    unmute: useCallback(() => {
      setSound({ volume: sound.volume === 0 ? 0.8 : sound.volume, muted: false });
      player.unmute();
    }, [player, setSound, sound.volume]),
    mediaRefs,
    medium: media[state.active],
  };
}
