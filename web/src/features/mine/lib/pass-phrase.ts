import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { isUuid } from '@/lib/uuid';

/** How many words make a session: 128 bits and a checksum of four, eleven bits a word (BIP 39). */
export const WORDS = 12;

/** A session as words that can be read out over a telephone. The words are English in every language of the app. */
export function phraseOf(sessionId: string): string {
  const hex = sessionId.replaceAll('-', '');
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return entropyToMnemonic(bytes, wordlist);
}

export type ReadPhrase =
  | { ok: true; sessionId: string }
  /** `words`: so many instead of twelve. `unknown`: this word is none of the list. `checksum`: a word is wrong or misplaced. */
  | { ok: false; problem: 'words'; count: number }
  | { ok: false; problem: 'unknown'; word: string }
  | { ok: false; problem: 'checksum' };

/** Reads what somebody typed: any case, any spaces, numbering and commas forgiven, and four letters are enough for a word. */
export function readPhrase(typed: string): ReadPhrase {
  const words = typed
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  if (words.length !== WORDS) return { ok: false, problem: 'words', count: words.length };
  const whole: string[] = [];
  for (const word of words) {
    // No two words of the list begin with the same four letters.
    const found =
      wordlist.find((known) => known === word) ??
      (word.length >= 4
        ? wordlist.find(
            (known) =>
              known.startsWith(word.slice(0, 4)) &&
              (known.startsWith(word) || word.startsWith(known)),
          )
        : undefined);
    if (found === undefined) return { ok: false, problem: 'unknown', word };
    whole.push(found);
  }
  let bytes: Uint8Array;
  try {
    bytes = mnemonicToEntropy(whole.join(' '), wordlist);
  } catch {
    return { ok: false, problem: 'checksum' };
  }
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const sessionId = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
  return isUuid(sessionId) ? { ok: true, sessionId } : { ok: false, problem: 'checksum' };
}
