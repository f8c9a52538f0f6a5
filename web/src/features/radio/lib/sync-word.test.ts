import { expect, test } from 'vitest';
import { syncWord } from './sync-word';

test.each([
  ['ready', { joined: false, phase: 'ready', offMs: null }, 'fine'],
  ['in step, ±12 ms', { joined: true, phase: 'playing', offMs: 12 }, 'fine'],
  ['in step', { joined: true, phase: 'playing', offMs: null }, 'fine'],
  ['catching up', { joined: true, phase: 'catching-up', offMs: 400 }, 'fine'],
  ['tuning in', { joined: true, phase: 'tuning', offMs: null }, 'fine'],
  ['waiting', { joined: true, phase: 'failed', offMs: null }, 'fine'],
  ['no signal', { joined: true, phase: 'playing', offMs: 12 }, 'offline'],
  ['no signal', { joined: false, phase: 'ready', offMs: null }, 'unreachable'],
  ['in step, ±12 ms', { joined: true, phase: 'playing', offMs: 12 }, 'busy'],
] as const)('says %j', (word, state, connection) => expect(syncWord(state, connection)).toBe(word));

test('is no surer than the clock', () => {
  const state = { joined: true, phase: 'playing', offMs: 12 } as const;
  expect(syncWord(state, 'fine', 3.4)).toBe('in step, ±15 ms');
});
