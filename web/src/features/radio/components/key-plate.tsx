import type { ReactNode } from 'react';
import type { RadioSong } from '@/lib/schemas/song';
import type { SkipState } from '../api/get-radio-stream';
import type { Sound } from '../hooks/use-sound';
import { ShareKey } from './share-key';
import { SkipKey } from './skip-key';
import { SoundKey } from './sound-key';
import { WhyKey } from './why-key';

interface KeyPlateProps {
  song: RadioSong | null;
  skip: SkipState | null;
  sound: Sound;
  onSound: (sound: Sound) => void;
  /** The centre key. */
  heart: ReactNode;
}

/** A flip phone's key cluster, the heart where the centre key was. Without a vote to cast, the plate closes up. */
export function KeyPlate({ song, skip, sound, onSound, heart }: KeyPlateProps) {
  const canVote = skip === null || skip.policy === 'vote';
  return (
    <div className="rocker">
      <div className="plate" data-keys={canVote ? 4 : 3}>
        <SoundKey sound={sound} onSound={onSound} />
        {canVote && <SkipKey song={song} voted={skip?.voted ?? false} />}
        <span />
        <ShareKey song={song} />
        <WhyKey song={song} />
      </div>
      {heart}
    </div>
  );
}
