import { describe, expect, it } from 'vitest';
import { soloSources } from './solo-source';

const at = (videoUrl: string, audioUrl = '') =>
  soloSources({ videoUrl, audioUrl }, 'https://radio.example');

describe('how a song is played outside the radio', () => {
  it('plays its video, and its sound where the video does not play', () => {
    expect(at('/api/media/1/video', '/api/media/1/audio')).toEqual([
      { kind: 'file', url: '/api/media/1/video', picture: true },
      { kind: 'file', url: '/api/media/1/audio', picture: false },
    ]);
    expect(at('', '/api/media/1/audio')).toHaveLength(1);
    expect(at('', '')).toEqual([]);
    expect(at('/same', '/same')).toHaveLength(1);
  });

  it.each([
    'https://www.youtube.com/watch?v=dQw4w9WgXcQ',
    'https://www.youtube.com/watch?list=x&v=dQw4w9WgXcQ&t=3',
    'https://m.youtube.com/watch?v=dQw4w9WgXcQ',
    'https://youtu.be/dQw4w9WgXcQ?si=x',
    'https://www.youtube.com/embed/dQw4w9WgXcQ',
    'https://music.youtube.com/watch?v=dQw4w9WgXcQ',
    'https://www.youtube.com/shorts/dQw4w9WgXcQ',
  ])('opens %s in the frame that sets no cookie', (link) => {
    const [source] = at(link);
    expect(source?.kind).toBe('youtube');
    const url = new URL(source?.url ?? '');
    expect(url.origin + url.pathname).toBe('https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ');
    expect(url.searchParams.get('origin')).toBe('https://radio.example');
  });

  it('opens Vimeo without tracking, and takes nothing else for a player page', () => {
    expect(at('https://vimeo.com/76979871')).toEqual([
      { kind: 'vimeo', url: 'https://player.vimeo.com/video/76979871?autoplay=1&dnt=1' },
    ]);
    expect(at('https://example.com/youtube.com/watch?v=dQw4w9WgXcQ')[0]?.kind).toBe('file');
  });
});
