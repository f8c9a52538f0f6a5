import { expect, it } from 'vitest';
import { playedBy } from './address';

const youtube = { by: 'site', site: 'youtube', id: 'dQw4w9WgXcQ' };

it.each([
  ['', null],
  ['/api/media/1/video', { by: 'file' }],
  ['https://cdn.example/a.mp4?as=x.m3u8', { by: 'file' }],
  ['https://cdn.example/live/list.m3u8', { by: 'hls' }],
  ['https://cdn.example/live/list.M3U8?token=1', { by: 'hls' }],
  ['https://www.youtube.com/watch?v=dQw4w9WgXcQ', youtube],
  ['https://www.youtube.com/watch?list=x&v=dQw4w9WgXcQ&t=3', youtube],
  ['https://m.youtube.com/watch?v=dQw4w9WgXcQ', youtube],
  ['https://music.youtube.com/watch?v=dQw4w9WgXcQ', youtube],
  ['https://youtu.be/dQw4w9WgXcQ?si=x', youtube],
  ['https://www.youtube.com/embed/dQw4w9WgXcQ', youtube],
  ['https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ', youtube],
  ['https://www.youtube.com/shorts/dQw4w9WgXcQ', youtube],
  ['https://www.youtube.com/@somebody', null],
  ['https://vimeo.com/76979871', { by: 'site', site: 'vimeo', id: '76979871' }],
  ['https://player.vimeo.com/video/76979871', { by: 'site', site: 'vimeo', id: '76979871' }],
  ['https://vimeo.com/76979871/abc1', { by: 'site', site: 'vimeo', id: '76979871', key: 'abc1' }],
  [
    'https://player.vimeo.com/video/76979871?x=1&h=abc1',
    { by: 'site', site: 'vimeo', id: '76979871', key: 'abc1' },
  ],
  ['https://vimeo.com/about', null],
  ['https://example.com/youtube.com/watch?v=dQw4w9WgXcQ', { by: 'file' }],
])('%s', (address, played) => {
  expect(playedBy(address)).toEqual(played);
});
