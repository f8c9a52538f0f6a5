import { describe, expect, it } from 'vitest';
import { greetings, readNews } from './frame-talk';

describe('what frames say', () => {
  it.each([
    ['youtube', { event: 'infoDelivery', info: { playerState: 1 } }, 'playing'],
    ['youtube', { event: 'infoDelivery', info: { playerState: 0 } }, 'ended'],
    ['youtube', { event: 'initialDelivery', info: { playerState: 2 } }, 'paused'],
    ['youtube', { event: 'infoDelivery', info: { currentTime: 3 } }, null],
    ['youtube', { event: 'infoDelivery', info: null }, null],
    ['youtube', { event: 'onError', info: 150 }, 'failed'],
    ['vimeo', { event: 'play', data: {} }, 'playing'],
    ['vimeo', { event: 'ended' }, 'ended'],
    ['vimeo', { event: 'error' }, 'failed'],
    ['vimeo', { event: 'timeupdate' }, null],
  ] as const)('%s %j: %s', (site, message, news) => {
    expect(readNews(site, JSON.stringify(message))).toBe(news);
    expect(readNews(site, message)).toBe(news);
  });

  it.each(['', '{', 'null', '1', undefined])('takes %j for nothing', (data) => {
    expect(readNews('youtube', data)).toBeNull();
    expect(readNews('vimeo', data)).toBeNull();
  });

  it('asks each site in its own words', () => {
    expect(greetings('youtube')).toEqual(['{"event":"listening","id":1}']);
    expect(greetings('vimeo')).toContain('{"method":"addEventListener","value":"ended"}');
  });
});
