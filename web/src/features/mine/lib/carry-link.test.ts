import { describe, expect, it } from 'vitest';
import { carriedSession, carryLink } from './carry-link';

const ID = '3f2b8c1e-7d54-4c7e-9a61-2f0d5b8e4a17';

describe('the address that carries a session', () => {
  it('keeps it where no server sees it', () => {
    const url = new URL(carryLink('https://radio.example', ID));
    expect(url.pathname + url.search).toBe('/mine');
    expect(carriedSession(url.hash)).toBe(ID);
  });

  it.each(['', '#', '#content', '#session=', '#session=a1b2c3', `#other=${ID}`])(
    'finds none in "%s"',
    (hash) => expect(carriedSession(hash)).toBeNull(),
  );
});
