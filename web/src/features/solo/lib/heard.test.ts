import { expect, it, vi } from 'vitest';
import { Heard } from './heard';

it('tells once, after ten seconds of playing', () => {
  const enough = vi.fn();
  const heard = new Heard(enough);
  for (let t = 0; t <= 9_750; t += 250) heard.playing(t);
  expect(enough).not.toHaveBeenCalled();
  for (let t = 10_000; t <= 30_000; t += 250) heard.playing(t);
  expect(enough).toHaveBeenCalledOnce();
});

it('takes neither a pause nor a jump for listening', () => {
  const enough = vi.fn();
  const heard = new Heard(enough);
  heard.playing(0);
  heard.pause();
  heard.playing(60_000);
  heard.playing(120_000);
  heard.playing(120_250);
  expect(enough).not.toHaveBeenCalled();
});
