import { expect, test } from 'vitest';
import { isUuid, randomUuid } from './uuid';

test('is a UUID of version 4 and its variant, from whatever bytes', () => {
  for (const byte of [0x00, 0xff, 0x5a]) {
    const id = randomUuid({
      getRandomValues: (array) => (array as unknown as Uint8Array).fill(byte) && array,
    });
    expect(isUuid(id)).toBe(true);
    expect(id[14]).toBe('4');
    expect('89ab').toContain(id[19]);
  }
});

test('needs no crypto.randomUUID, which plain http lacks', () => {
  const id = randomUuid({
    getRandomValues: globalThis.crypto.getRandomValues.bind(globalThis.crypto),
  });
  expect(isUuid(id)).toBe(true);
  expect(id).not.toBe(randomUuid());
});

test.each([
  '',
  'a1b2c3',
  '3f2b8c1e-7d54-4c7e-9a61-2f0d5b8e4a1',
  '3f2b8c1e7d544c7e9a612f0d5b8e4a17',
])('does not take %j for a UUID', (text) => expect(isUuid(text)).toBe(false));
