import { describe, expect, it } from 'vitest';
import { randomUuid } from '@/lib/uuid';
import { phraseOf, readPhrase, WORDS } from './pass-phrase';

const ID = '3f2b8c1e-7d54-4c7e-9a61-2f0d5b8e4a17';

describe('a session as words', () => {
  it('is twelve words, and the same session comes back', () => {
    for (let i = 0; i < 200; i += 1) {
      const id = randomUuid();
      const phrase = phraseOf(id);
      expect(phrase.split(' ')).toHaveLength(WORDS);
      expect(readPhrase(phrase)).toEqual({ ok: true, sessionId: id });
    }
  });

  it('is what the standard says for known bytes', () => {
    expect(phraseOf('00000000-0000-0000-0000-000000000000')).toBe(
      'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
    );
  });

  it('forgives capitals, line breaks, numbers, commas and words cut to four letters', () => {
    const words = phraseOf(ID).split(' ');
    const typed = words.map((word, i) => `${i + 1}. ${word.toUpperCase()},`).join('\n');
    expect(readPhrase(typed)).toEqual({ ok: true, sessionId: ID });
    const cut = words.map((word) => word.slice(0, 4)).join('  ');
    expect(readPhrase(cut)).toEqual({ ok: true, sessionId: ID });
  });

  it('names the word that is none', () => {
    const words = phraseOf(ID).split(' ');
    words[3] = 'popradio';
    expect(readPhrase(words.join(' '))).toEqual({
      ok: false,
      problem: 'unknown',
      word: 'popradio',
    });
  });

  it('counts the words', () => {
    expect(readPhrase('')).toEqual({ ok: false, problem: 'words', count: 0 });
    expect(readPhrase(`${phraseOf(ID)} zoo`)).toEqual({ ok: false, problem: 'words', count: 13 });
  });

  it('notices two words that changed places', () => {
    const noticed = Array.from({ length: 200 }, () => {
      const words = phraseOf(randomUuid()).split(' ');
      const [first = '', second = ''] = words;
      if (first === second) return true;
      words[0] = second;
      words[1] = first;
      return !readPhrase(words.join(' ')).ok;
    });
    // Four bits of checksum let one slip in sixteen pass.
    expect(noticed.filter(Boolean).length).toBeGreaterThan(170);
  });
});
