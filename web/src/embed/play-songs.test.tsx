import { readFileSync } from 'node:fs';
import { beforeEach, expect, type MockInstance, test, vi } from 'vitest';
import { playSongs } from './play-songs';
import { type EmbedSong, StationError } from './station-api';
import { View } from './view';
import { speak } from './words';

const song = (n: number, fields: Partial<EmbedSong> = {}): EmbedSong => ({
  id: `${n}`,
  title: `Song ${n}`,
  artist: `Artist ${n}`,
  albumArt: `/art/${n}.jpg`,
  videoUrl: `/video/${n}.mp4`,
  audioUrl: '',
  ...fields,
});

let view: View;
let play: MockInstance<HTMLMediaElement['play']>;
const words = speak(['en'], document.documentElement);
const title = () => document.querySelector('#title')?.textContent;
const note = () => document.querySelector('#note:not([hidden])')?.textContent;

beforeEach(() => {
  const page = readFileSync('embed.html', 'utf8');
  document.body.innerHTML = /<body>(.*)<script/s.exec(page)?.[1] ?? '';
  play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockReturnValue();
  vi.spyOn(HTMLMediaElement.prototype, 'load').mockReturnValue();
  view = new View({ href: '/songs/1', label: 'Open' }, 'Play', 'Mute');
});

test('a song waits for a tap, then plays', async () => {
  await playSongs(view, words, () => Promise.resolve([song(1)]));
  expect(title()).toBe('Song 1');
  expect(view.join.hidden).toBe(false);
  expect(play).not.toHaveBeenCalled();
  view.join.click();
  expect(play).toHaveBeenCalledOnce();
  expect(view.join.hidden).toBe(true);
  expect(view.video.controls).toBe(true);
});

test('a playlist goes on by itself, over what cannot be played, and ends ready to begin again', async () => {
  const songs = [song(1), song(2, { videoUrl: 'https://youtu.be/2' }), song(3)];
  await playSongs(view, words, () => Promise.resolve(songs));
  view.join.click();
  view.video.dispatchEvent(new Event('ended'));
  expect(title()).toBe('Song 3');
  view.video.dispatchEvent(new Event('ended'));
  expect(title()).toBe('Song 1');
  expect(view.join.hidden).toBe(false);
  view.join.click();
  expect(view.video.getAttribute('src')).toBe('/video/1.mp4');
});

test('what does not load gives way to the next address, then to a sentence', async () => {
  await playSongs(view, words, () => Promise.resolve([song(1, { audioUrl: '/audio/1.mp3' })]));
  view.join.click();
  view.video.dispatchEvent(new Event('error'));
  expect(view.video.getAttribute('src')).toBe('/audio/1.mp3');
  view.video.dispatchEvent(new Event('error'));
  expect(note()).toBe(words.notHere);
});

test('a song of a site with its own player is named, and the page that plays it', async () => {
  await playSongs(view, words, () =>
    Promise.resolve([song(1, { videoUrl: 'https://youtu.be/1' })]),
  );
  expect(title()).toBe('Song 1');
  expect(note()).toBe(words.notHere);
  expect(view.join.hidden).toBe(true);
});

test('what is gone is said to be gone', async () => {
  await playSongs(view, words, () => Promise.reject(new StationError(404)));
  expect(note()).toBe(words.gone);
});

test('a refused start asks for another tap', async () => {
  play.mockRejectedValueOnce(new DOMException('no', 'NotAllowedError'));
  await playSongs(view, words, () => Promise.resolve([song(1)]));
  view.join.click();
  await vi.waitFor(() => expect(view.join.hidden).toBe(false));
});

test('a title is text, whatever it says', async () => {
  await playSongs(view, words, () =>
    Promise.resolve([song(1, { title: '<img src=x onerror=alert(1)>' })]),
  );
  expect(document.querySelectorAll('img')).toHaveLength(1);
  expect(title()).toBe('<img src=x onerror=alert(1)>');
});

test('speaks the visitor’s language, in its direction', () => {
  expect(speak(['ar-EG'], document.documentElement).play).toBe('تشغيل');
  expect(document.documentElement.dir).toBe('rtl');
  expect(speak(['xx'], document.documentElement).play).toBe('Play');
  expect(document.documentElement.dir).toBe('ltr');
});
