import { expect, test } from 'vitest';
import { sourcesOf } from './source';

const V = 'https://cdn.example/v.mp4';
const A = 'https://cdn.example/a.mp3';

test.each([
  ['video before sound', { videoUrl: V, audioUrl: A }, false, ['video', 'audio']],
  ['sound first to save data', { videoUrl: V, audioUrl: A }, true, ['audio', 'video']],
  ['sound alone', { videoUrl: '', audioUrl: A }, false, ['audio']],
  ['video alone', { videoUrl: V, audioUrl: '' }, true, ['video']],
  ['the same address once', { videoUrl: V, audioUrl: V }, false, ['video']],
  [
    'a video of another site as any other',
    { videoUrl: 'https://youtu.be/dQw4w9WgXcQ', audioUrl: A },
    false,
    ['video', 'audio'],
  ],
  [
    'a page of such a site that is no video not at all',
    { videoUrl: 'https://www.youtube.com/@somebody', audioUrl: '' },
    false,
    [],
  ],
  [
    'but its sound, where there is some',
    { videoUrl: 'https://www.youtube.com/@somebody', audioUrl: A },
    false,
    ['audio'],
  ],
  ['nothing from nothing', { videoUrl: '', audioUrl: '' }, false, []],
])('%s', (_, song, preferAudio, kinds) => {
  expect(sourcesOf(song, preferAudio).map((source) => source.kind)).toEqual(kinds);
});
