import { expect, test } from 'vitest';
import { syncState } from './sync-state';

test.each([
  ['ready', null, { joined: false, phase: 'ready', offMs: null }, 'fine'],
  ['inStep', 12, { joined: true, phase: 'playing', offMs: 12 }, 'fine'],
  ['inStep', null, { joined: true, phase: 'playing', offMs: null }, 'fine'],
  ['catchingUp', null, { joined: true, phase: 'catching-up', offMs: 400 }, 'fine'],
  ['tuningIn', null, { joined: true, phase: 'tuning', offMs: null }, 'fine'],
  ['waiting', null, { joined: true, phase: 'failed', offMs: null }, 'fine'],
  ['noSignal', null, { joined: true, phase: 'playing', offMs: 12 }, 'offline'],
  ['noSignal', null, { joined: false, phase: 'ready', offMs: null }, 'unreachable'],
  ['inStep', 12, { joined: true, phase: 'playing', offMs: 12 }, 'busy'],
] as const)('says %s, %j', (word, offMs, state, connection) =>
  expect(syncState(state, connection)).toEqual({ word, offMs }),
);

test('is no surer than the clock', () => {
  const state = { joined: true, phase: 'playing', offMs: 12 } as const;
  expect(syncState(state, 'fine', 3.4)).toEqual({ word: 'inStep', offMs: 15 });
});
