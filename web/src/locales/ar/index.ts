import type { Locale } from '../locale';
import about from './about.json';
import carry from './carry.json';
import comments from './comments.json';
import common from './common.json';
import errors from './errors.json';
import history from './history.json';
import likes from './likes.json';
import mine from './mine.json';
import more from './more.json';
import pages from './pages.json';
import playlists from './playlists.json';
import radio from './radio.json';
import shell from './shell.json';
import solo from './solo.json';
import songs from './songs.json';

export default {
  solo,
  more,
  history,
  carry,
  about,
  common,
  comments,
  errors,
  likes,
  mine,
  pages,
  playlists,
  radio,
  shell,
  songs,
} satisfies Locale;
