import {
  HAVE_CURRENT_DATA,
  HAVE_ENOUGH_DATA,
  HAVE_FUTURE_DATA,
  HAVE_METADATA,
  isRefusal,
  type Medium,
} from '@/lib/media/medium';
import type { RadioSong } from '@/lib/schemas/song';
import type { RadioStream } from '../api/get-radio-stream';
import {
  correct,
  type Correction,
  DEAD_BAND_MS,
  SEEK_ABOVE_MS,
  SEEK_ONLY_ABOVE_MS,
} from './correction';
import { Deck } from './deck';
import { Lead } from './lead';
import * as pace from './pace';
import {
  type PlayerOptions,
  type PlayerPhase,
  type PlayerState,
  PlayerStore,
} from './player-state';
import { sourcesOf } from './source';
import { StallGuard } from './stall-guard';
import { onAirAt, slotKey } from './timeline';

/**
 * Plays the station on two media elements: one on air, one with the next song ready. Everything it does follows from the
 * timeline and the station's clock; `tick` looks at both and puts right what is not.
 */
export class StationPlayer {
  private readonly decks: [Deck, Deck];
  private stream: RadioStream | undefined;
  private readonly store = new PlayerStore();
  private correcting = false;
  /** Until then what has just landed is brought as close as can be; afterwards small drifts are left alone. */
  private freshUntil = 0;
  private readonly stalls = new StallGuard();
  /** It was playing at the last look: if it then waits for data, it has stalled. */
  private flowing = false;
  /** Whether it was aimed since it came on air. */
  private aimed = false;
  private seekAllowedAt = 0;
  private readonly seekLead = new Lead(pace.FIRST_LEAD_MS, pace.MOST_LEAD_MS);
  private readonly startLead = new Lead(pace.FIRST_LEAD_MS, pace.MOST_START_LEAD_MS);
  /** The slot on air was begun ahead of its time: how that came out is to be learned. */
  private startedAhead = false;
  private landing = false;
  /** Since when this slot is heard; null before. */
  private begunAt: number | null = null;
  private smoothedMs: number | null = null;
  private lastTickMs: number | null = null;
  private silentSince: number | null = null;
  private starting = false;
  private soundOnly: boolean;

  constructor(private readonly options: PlayerOptions) {
    this.soundOnly = options.preferAudio ?? false;
    const changed = (): void => this.tick();
    this.decks = [new Deck(null, changed), new Deck(null, changed)];
  }

  // ── The outside ────────────────────────────────────────────────────────────────────────────

  readonly subscribe = this.store.subscribe;
  readonly snapshot = this.store.snapshot;

  private get state(): PlayerState {
    return this.store.snapshot();
  }

  private get idle(): Deck {
    return this.decks[this.state.active === 0 ? 1 : 0];
  }

  attach(index: 0 | 1, medium: Medium): () => void {
    this.decks[index].attach(medium);
    this.applySound();
    this.tick();
    return () => this.decks[index].release();
  }

  /** What the station said last. */
  setStream(stream: RadioStream | undefined): void {
    this.stream = stream;
    this.tick();
  }

  setSound(volume: number, muted: boolean): void {
    this.update({ volume, muted, silenced: this.state.silenced && muted });
    this.applySound();
  }

  /** Spares data: sound alone, where a song has it. What plays changes over if that changes what it is played from. */
  setSoundOnly(soundOnly: boolean): void {
    if (soundOnly === this.soundOnly) return;
    this.soundOnly = soundOnly;
    for (const deck of this.decks) {
      const { slot, source } = deck;
      if (slot === null || sourcesOf(slot, soundOnly)[0]?.url === source?.url) continue;
      this.load(deck, slot, this.state.joined ? 'auto' : 'metadata');
      this.aimed = false;
      this.begunAt = null;
    }
    this.tick();
  }

  /** Stops, as at the lock screen. To come back is to join again, where everybody is by then. */
  leave(): void {
    if (!this.state.joined) return;
    this.update({ joined: false, silenced: false });
    for (const { element } of this.decks) element?.pause();
    this.tick();
  }

  /**
   * Starts to play, at the second where everybody is. Call it from a tap: a browser that refuses sound otherwise is left
   * at the invitation. Resolves to whether it plays.
   */
  async join(): Promise<boolean> {
    if (this.state.joined) return true;
    this.update({ joined: true, silenced: false });
    this.applySound();
    const { current } = onAirAt(this.stream, this.options.clock.now());
    const deck = this.decks[this.state.active];
    if (current !== null && deck.key !== slotKey(current)) this.load(deck, current, 'auto');
    // Safari lets an element play later by itself only if a tap has touched it.
    if (this.idle.element?.src === '') this.idle.element.load();
    const { element } = deck;
    if (element === null || deck.failed || current === null) {
      this.tick();
      return true;
    }
    this.aim(element, current);
    try {
      this.starting = true;
      await element.play();
    } catch (error) {
      if (isRefusal(error)) {
        this.update({ joined: false });
        return false;
      }
      // A source that does not load says so by its own event.
    } finally {
      this.starting = false;
    }
    this.tick();
    return true;
  }

  /** Sound on, after a start that the browser allowed only in silence. */
  unmute(): void {
    this.setSound(this.state.volume === 0 ? 0.8 : this.state.volume, false);
    this.update({ silenced: false });
    this.applySound();
  }

  /** Milliseconds before a change of song at which `tick` must look exactly: when the next is begun, and when it is its turn. */
  get exactlyAt(): readonly number[] {
    return [this.startLead.ms, 0];
  }

  /** Looks at the clock and the timeline, and puts right what is not. */
  tick(): void {
    const now = this.options.clock.now();
    const sinceLast = this.lastTickMs === null ? 0 : now - this.lastTickMs;
    this.lastTickMs = now;
    const { current, upcoming } = onAirAt(this.stream, now);
    if (current === null) {
      for (const deck of this.decks) if (deck.key !== null) deck.eject();
      this.settle('idle', null);
      return;
    }
    const deck = this.bringOnAir(current);
    this.prepareNext(upcoming[0], current.endsAt - now);
    this.startNext(upcoming[0], current.endsAt - now);
    if (!this.state.joined) {
      this.preview(deck, current);
      this.settle('ready', deck);
      return;
    }
    this.keepInStep(deck, current, now, sinceLast);
  }

  // ── The inside ─────────────────────────────────────────────────────────────────────────────

  private load(deck: Deck, slot: RadioSong, preload: 'metadata' | 'auto'): void {
    deck.load(slot, preload, this.soundOnly);
    this.applySound();
  }

  /** The deck that plays the current slot: the one that has it ready, or the one on air, loaded anew. */
  private bringOnAir(current: RadioSong): Deck {
    const key = slotKey(current);
    const { active } = this.state;
    const onAir = this.decks[active];
    if (onAir.key === key) {
      onAir.slot = current; // its times may have changed
      return onAir;
    }
    const next: 0 | 1 = active === 0 ? 1 : 0;
    const other = this.decks[next];
    if (other.key !== key) this.load(other, current, this.state.joined ? 'auto' : 'metadata');
    other.slot = current;
    onAir.eject();
    this.correcting = false;
    this.flowing = false;
    this.aimed = false;
    this.startedAhead = other.element?.paused === false;
    this.smoothedMs = null;
    this.begunAt = null;
    this.silentSince = null;
    this.seekAllowedAt = 0;
    this.update({ active: next });
    return other;
  }

  private prepareNext(next: RadioSong | undefined, untilEndMs: number): void {
    if (!this.state.joined || next === undefined) return;
    const [idle, onAir] = [this.idle, this.decks[this.state.active]];
    const heardMs = this.begunAt === null ? 0 : this.options.clock.now() - this.begunAt;
    const lineIsFree =
      heardMs > pace.SETTLED_IN_MS && onAir.element?.readyState === HAVE_ENOUGH_DATA;
    if (!lineIsFree && untilEndMs > pace.PRELOAD_MS) return;
    if (idle.key !== slotKey(next)) this.load(idle, next, 'auto');
    else if (untilEndMs < pace.ROUSE_FROM_MS && untilEndMs > pace.ROUSE_UNTIL_MS) idle.rouse();
  }

  /** Begins the next song, unheard, by as much ahead as this machine needs for it. */
  private startNext(next: RadioSong | undefined, untilEndMs: number): void {
    if (!this.state.joined || next === undefined || untilEndMs > this.startLead.ms) return;
    const { key, element } = this.idle;
    if (key !== slotKey(next) || element === null || !element.paused) return;
    if (element.readyState >= HAVE_FUTURE_DATA) void element.play().catch(() => undefined);
  }

  /** Before somebody joins: the frame of this second, fetched with as few bytes as will do. */
  private preview(deck: Deck, current: RadioSong): void {
    const { element } = deck;
    if (element === null || deck.failed || element.readyState < HAVE_METADATA || element.seeking)
      return;
    if (!element.paused) element.pause();
    if (element.currentTime === 0) element.currentTime = this.positionS(current, element);
  }

  private positionS(current: RadioSong, element: Medium): number {
    const position = Math.max(0, (this.options.clock.now() - current.startedAt) / 1000);
    return Number.isFinite(element.duration) ? Math.min(position, element.duration) : position;
  }

  private aim(element: Medium, current: RadioSong): void {
    if (element.readyState < HAVE_METADATA) return; // the tick after its metadata does it
    const position = this.positionS(current, element);
    // A song that begins is played from its first note; anywhere else, aim at where everybody will be when it lands.
    this.aimed = true;
    this.landing = position * 1000 >= pace.LATE_START_MS;
    element.currentTime = this.landing ? position + this.seekLead.ms / 1000 : 0;
    this.correcting = false;
    this.flowing = false;
    this.smoothedMs = null;
    this.seekAllowedAt = this.options.clock.now() + pace.SEEK_PAUSE_MS;
  }

  private keepInStep(deck: Deck, current: RadioSong, now: number, sinceLast: number): void {
    const { element } = deck;
    if (element === null || deck.failed) {
      this.settle('failed', deck);
      return;
    }
    const over = element.ended || this.positionS(current, element) >= element.duration;
    if (element.paused && !over && !this.starting) this.start(element);
    if (element.readyState < HAVE_METADATA) {
      this.wait(deck, now);
      return;
    }
    if (over) {
      // The medium is shorter than its slot: the last picture stands until the next song.
      this.settle('playing', deck);
      return;
    }
    const driftMs = (element.currentTime - this.positionS(current, element)) * 1000;
    if (!this.aimed) {
      // Nobody has heard any of it yet: a seek costs nothing now, and a rate would take half a minute.
      this.aimed = true;
      if (this.begunAt === null && driftMs < -pace.LATE_START_MS) this.aim(element, current);
    }
    if (element.seeking || element.readyState < HAVE_FUTURE_DATA) {
      if (this.flowing && !element.seeking) this.stalls.stalled(now);
      this.flowing = false;
      this.wait(deck, now, driftMs);
      return;
    }
    this.flowing = !element.paused;
    this.silentSince = null;
    if (this.begunAt === null || this.landing) this.freshUntil = now + pace.FRESH_MS;
    this.begunAt ??= now;
    if (this.landing) {
      this.landing = false;
      // A landing that a stalled line delayed teaches nothing about seeks.
      if (Math.abs(driftMs) < SEEK_ABOVE_MS) this.seekLead.learn(driftMs);
    } else if (this.startedAhead && now - current.startedAt > pace.STARTED_MS) {
      this.startedAhead = false;
      // By half: one late start is chance, several are this machine.
      if (Math.abs(driftMs) < pace.MOST_START_LEAD_MS) this.startLead.learn(driftMs / 2);
    }
    const correction: Correction = this.stalls.resting(now)
      ? { kind: 'hold' }
      : correct(driftMs, this.correcting || now < this.freshUntil, element.seekOnly);
    this.correcting = correction.kind === 'rate';
    switch (correction.kind) {
      case 'seek':
        if (now >= this.seekAllowedAt) this.aim(element, current);
        this.settle('catching-up', deck);
        return;
      case 'rate':
        if (Math.abs(element.playbackRate - correction.rate) > 0.004)
          element.playbackRate = correction.rate;
        break;
      case 'hold':
        if (element.playbackRate !== 1) element.playbackRate = 1;
        break;
    }
    const off = Math.abs(driftMs);
    this.smoothedMs =
      this.smoothedMs === null ? off : this.smoothedMs + (off - this.smoothedMs) * 0.25;
    if (!element.paused && sinceLast > 0 && sinceLast < pace.LONGEST_TICK_MS) {
      this.options.onListening?.(current, sinceLast);
    }
    const inStep = off < (element.seekOnly === true ? SEEK_ONLY_ABOVE_MS : DEAD_BAND_MS);
    this.settle(inStep ? 'playing' : 'catching-up', deck, this.smoothedMs);
  }

  private wait(deck: Deck, now: number, driftMs?: number): void {
    this.silentSince ??= now;
    const givenUp = now - this.silentSince > pace.GIVE_UP_MS;
    this.settle(
      givenUp ? 'failed' : this.begunAt !== null ? 'catching-up' : 'tuning',
      deck,
      this.smoothedMs,
    );
    // Where the line could not follow, there is no use in playing what everybody has heard already.
    const { element, slot } = deck;
    if (element === null || slot === null || driftMs === undefined || element.seeking) return;
    if (this.stalls.resting(now)) return;
    if (Math.abs(driftMs) > SEEK_ABOVE_MS && now >= this.seekAllowedAt) this.aim(element, slot);
  }

  private start(element: Medium): void {
    this.starting = true;
    void element
      .play()
      .catch((error: unknown) => {
        if (!isRefusal(error)) return undefined;
        // Allowed to join, not allowed to go on with sound: go on without it, and say so.
        element.muted = true;
        this.update({ silenced: true, muted: true });
        return element.play().catch(() => this.update({ joined: false }));
      })
      .finally(() => {
        this.starting = false;
      });
  }

  private applySound(): void {
    const { volume, muted, active } = this.state;
    this.decks.forEach(({ element }, index) => {
      if (element === null) return;
      element.volume = volume;
      element.muted = muted || index !== active;
    });
  }

  private settle(phase: PlayerPhase, deck: Deck | null, offMs: number | null = null): void {
    const element = deck?.element ?? null;
    this.update({
      phase,
      kind: deck?.source?.kind ?? null,
      showsPicture:
        deck?.source?.kind === 'video' &&
        !deck.failed &&
        (element?.readyState ?? 0) >= HAVE_CURRENT_DATA,
      inFrame: element?.inFrame ?? false,
      offMs: offMs === null ? null : Math.round(offMs),
    });
  }

  private update(change: Partial<PlayerState>): void {
    const { active } = this.state;
    // Whoever is told must find the sound where the picture is.
    this.store.change(change, () => {
      if (active !== this.state.active) this.applySound();
    });
  }
}
