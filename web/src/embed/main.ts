import '@/styles/fonts.css';
import '@/styles/tokens.css';
import './embed.css';
import { playRadio } from './play-radio';
import { playSongs } from './play-songs';
import { pageOf, programmeAt } from './programme';
import { getPlaylistSongs, getSong } from './station-api';
import { View } from './view';
import { speak } from './words';

const programme = programmeAt(location.pathname);
const words = speak(navigator.languages, document.documentElement);
const view = new View(
  { href: pageOf(programme), label: words.open },
  programme.kind === 'radio' ? words.tapToJoin : words.play,
  words.mute,
);

switch (programme.kind) {
  case 'radio':
    void playRadio(view, words);
    break;
  case 'song':
    void playSongs(view, words, async () => [await getSong(programme.id)]);
    break;
  case 'playlist':
    void playSongs(view, words, () => getPlaylistSongs(programme.id));
    break;
}
