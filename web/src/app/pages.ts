import { ListBox } from 'pixelarticons/react/ListBox.js';
import { Music } from 'pixelarticons/react/Music.js';
import { Radio } from 'pixelarticons/react/Radio.js';
import { User } from 'pixelarticons/react/User.js';

/** The pages one can go to from anywhere. */
export const PAGES = [
  { to: '/', name: 'radio', Icon: Radio },
  { to: '/songs', name: 'songs', Icon: Music },
  { to: '/playlists', name: 'playlists', Icon: ListBox },
  { to: '/mine', name: 'mine', Icon: User },
] as const;

/** The part of the look a page takes: which of its grids. */
export function layoutOf(pathname: string): 'radio' | 'songs' | 'playlist' {
  if (pathname === '/') return 'radio';
  return /^\/(songs|playlists)\/(?!featured\/?$)./.test(pathname) ? 'playlist' : 'songs';
}
