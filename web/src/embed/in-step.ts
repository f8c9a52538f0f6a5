import { correct } from '@/features/radio/lib/correction';
import { HAVE_FUTURE_DATA, HAVE_METADATA, type Medium } from '@/lib/media/medium';

/** What is needed of a media element. */
export type Steered = Pick<
  Medium,
  'currentTime' | 'playbackRate' | 'readyState' | 'seeking' | 'duration' | 'seekOnly'
>;

/** A song that comes on air later than this begins where everybody is; one that begins is played from its first note. */
const LATE_START_S = 0.3;
/** A seek lands late by about this much, so it is aimed ahead. */
const LEAD_S = 0.1;
/** A seek needs time to show whether it was enough. */
const SEEK_PAUSE_MS = 3_000;

/** Keeps one medium where everybody is, by the same rule as the app's player. */
export class InStep {
  private aimed = false;
  private correcting = false;
  private seekAllowedAt = 0;

  /** Another medium is in the element. */
  reset(): void {
    this.aimed = false;
    this.correcting = false;
    this.seekAllowedAt = 0;
  }

  /** @param placeS where everybody is, seconds into the song. */
  tick(medium: Steered, placeS: number, nowMs: number): void {
    if (medium.readyState < HAVE_METADATA || medium.seeking) return;
    // A medium may be shorter than its slot: its last picture stands until the next song.
    if (placeS >= medium.duration) return;
    if (!this.aimed) {
      this.aimed = true;
      if (placeS > LATE_START_S) this.aim(medium, placeS, nowMs);
      return;
    }
    if (medium.readyState < HAVE_FUTURE_DATA) return;
    const correction = correct(
      (medium.currentTime - placeS) * 1000,
      this.correcting,
      medium.seekOnly,
    );
    this.correcting = correction.kind === 'rate';
    switch (correction.kind) {
      case 'seek':
        if (nowMs >= this.seekAllowedAt) this.aim(medium, placeS, nowMs);
        break;
      case 'rate':
        medium.playbackRate = correction.rate;
        break;
      case 'hold':
        if (medium.playbackRate !== 1) medium.playbackRate = 1;
        break;
    }
  }

  private aim(medium: Steered, placeS: number, nowMs: number): void {
    const place = placeS + LEAD_S;
    medium.currentTime = Number.isFinite(medium.duration)
      ? Math.min(place, medium.duration)
      : place;
    medium.playbackRate = 1;
    this.seekAllowedAt = nowMs + SEEK_PAUSE_MS;
  }
}
