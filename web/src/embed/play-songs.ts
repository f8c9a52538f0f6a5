import { Medium } from './medium';
import { mediaOf } from './programme';
import { reach } from './reach';
import type { EmbedSong } from './station-api';
import type { View } from './view';
import type { Words } from './words';

/** Songs by themselves, one after another, with the browser's own controls; ready from the first again at the end. */
export async function playSongs(
  view: View,
  words: Words,
  ask: () => Promise<EmbedSong[]>,
): Promise<void> {
  const { video } = view;
  const songs = await reach(ask, (away) => view.say(away ? words.unreachable : null));
  const playable = (songs ?? []).filter((song) => mediaOf(song).length > 0);
  let at = 0;

  const goTo = (index: number): void => {
    at = index;
    const song = playable[at];
    if (song !== undefined) {
      medium.put(song);
      return;
    }
    medium.stop();
    video.controls = false;
    at = 0;
    view.song(playable[0] ?? null);
    medium.eject();
    view.invite(true);
  };
  const outcomes = {
    refused: () => view.invite(true),
    unplayable: () => {
      if (at + 1 < playable.length) {
        goTo(at + 1);
        return;
      }
      video.controls = false;
      view.invite(false);
      view.say(words.notHere);
    },
  };
  const medium = new Medium(view, outcomes, true);
  view.join.addEventListener('click', () => {
    view.invite(false);
    view.say(null);
    video.controls = true;
    if (!medium.loaded) goTo(at);
    medium.play();
    video.focus();
  });
  medium.player.addEventListener('ended', () => goTo(at + 1));

  if (playable.length > 0) {
    goTo(0);
    view.invite(true);
    return;
  }
  view.song(songs?.[0] ?? null);
  view.invite(false);
  view.say(songs?.[0] === undefined ? words.gone : words.notHere);
}
