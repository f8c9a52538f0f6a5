import { ServerClock } from '@/lib/server-clock';
import { InStep } from './in-step';
import { followSlots } from './live-slots';
import { Medium } from './medium';
import { slotAt } from './programme';
import { reach } from './reach';
import { type EmbedSlot, getSlots, getTime } from './station-api';
import type { View } from './view';
import type { Words } from './words';

/** How often the player looks at the clock. */
const TICK_MS = 250;
/** How often a station that has nothing on air, or whose timeline ran out, is asked again. */
const ASK_AGAIN_MS = 30_000;

/** The station itself: everybody hears the same second. */
export async function playRadio(view: View, words: Words): Promise<void> {
  const clock = new ServerClock();
  const inStep = new InStep();
  let slots: EmbedSlot[] = [];
  let current: EmbedSlot | null = null;
  let joined = false;
  let follows = false;
  let askAgainAt = 0;

  const medium = new Medium(view, {
    refused: () => {
      joined = false;
      view.invite(true);
    },
    unplayable: () => view.say(words.notHere),
  });
  const { player } = medium;
  const measure = (): Promise<void> => clock.measure(getTime);

  const refresh = async (): Promise<void> => {
    askAgainAt = Infinity;
    const answer = await reach(
      async () => {
        await measure();
        return getSlots();
      },
      (away) => view.say(away ? words.unreachable : null),
    );
    slots = answer ?? [];
    askAgainAt = performance.now() + ASK_AGAIN_MS;
    if (slots.length === 0) view.say(words.silent);
  };

  const tick = (): void => {
    const now = clock.now();
    const slot = slotAt(slots, now);
    // The events bring what comes next once somebody listens. Before that, and where they fail, it is asked for.
    if (slot === null && performance.now() >= askAgainAt) void refresh();
    if (slot?.seq !== current?.seq || slot?.id !== current?.id) {
      inStep.reset();
      view.say(null);
      if (slot === null) {
        view.song(null);
        medium.eject();
      } else {
        medium.put(slot);
      }
    }
    current = slot;
    view.invite(!joined && slot !== null);
    if (slot === null || !joined) return;
    inStep.tick(player, (now - slot.startsAt) / 1000, now);
    // Whatever paused it (a headset, another tab), the station goes on.
    if (player.paused && !player.ended) medium.play();
  };

  view.join.addEventListener('click', () => {
    joined = true;
    medium.play();
    view.sound.hidden = false;
    if (document.activeElement === view.join) view.sound.focus();
    if (clock.suspect) measure().catch(() => undefined);
    if (!follows) {
      follows = true;
      followSlots((now) => {
        slots = now;
        tick();
      });
    }
    tick();
  });
  view.sound.addEventListener('click', () => {
    player.muted = !player.muted;
    view.sound.setAttribute('aria-pressed', String(player.muted));
  });

  view.song(null);
  await refresh();
  tick();
  setInterval(tick, TICK_MS);
}
