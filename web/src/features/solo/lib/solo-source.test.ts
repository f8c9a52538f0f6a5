import { describe, expect, it } from 'vitest';
import { soloSources } from './solo-source';

const at = (videoUrl: string, audioUrl = '', soundFirst = false) =>
  soloSources({ videoUrl, audioUrl }, soundFirst);

describe('how a song is played outside the radio', () => {
  it('plays its video, and its sound where the video does not play', () => {
    expect(at('/api/media/1/video', '/api/media/1/audio')).toEqual([
      { by: 'file', url: '/api/media/1/video', picture: true },
      { by: 'file', url: '/api/media/1/audio', picture: false },
    ]);
    expect(at('', '/api/media/1/audio')).toHaveLength(1);
    expect(at('', '')).toEqual([]);
    expect(at('/same', '/same')).toHaveLength(1);
  });

  it('tries the sound first to save data', () => {
    expect(at('/video', '/audio', true).map(({ picture }) => picture)).toEqual([false, true]);
  });

  it('knows a list and another site, and takes no page of such a site for a video', () => {
    expect(at('https://cdn.example/live.m3u8')[0]?.by).toBe('hls');
    expect(at('https://youtu.be/dQw4w9WgXcQ')[0]?.by).toBe('site');
    expect(at('https://www.youtube.com/@somebody')).toEqual([]);
  });
});
