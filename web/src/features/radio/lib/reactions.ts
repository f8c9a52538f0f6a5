import { type Reaction, REACTIONS } from '@/lib/events/station-event';

export type Counts = Partial<Record<Reaction, number>>;

/** What each is called (`radio:react`), where it is not seen. */
export const NAMES = {
  '💖': 'love',
  '✨': 'sparkles',
  '🔥': 'fire',
  '😭': 'tears',
  '🪩': 'mirrorBall',
} as const satisfies Record<Reaction, string>;

/** Each as dots, 12 high. k black, w white, p pink, d deep pink, y yellow, o orange, r red, b blue, v violet, g grey. */
export const PICTURES: Record<Reaction, readonly string[]> = {
  '💖': [
    '.........y..',
    '..pp...pyyy.',
    '.pwwp.pppyp.',
    'pwwppppppppd',
    'pwpppppppppd',
    'pppppppppppd',
    '.pppppppppd.',
    '..pppppppd..',
    '.y.pppppd...',
    'yyy.pppd....',
    '.y...pd.....',
    '............',
  ],
  '✨': [
    '....y.......',
    '....y.....y.',
    '...yyy...yyy',
    '...ywy....y.',
    '.yyywyyy....',
    'yywwwwwyy...',
    '.yyywyyy....',
    '...ywy..y...',
    '...yyy..y...',
    '....y.yyyyy.',
    '....y...y...',
    '........y...',
  ],
  '🔥': [
    '.....r......',
    '.....rr.....',
    '....rror....',
    '.r..roor.r..',
    '.rr.roorrr..',
    '.rorrooror..',
    'rroooyoooor.',
    'roooyyyoooor',
    'rooyyyyyooor',
    'rooyywyyyoor',
    '.rooywwyoor.',
    '..rrooooor..',
  ],
  '😭': [
    '...yyyyyy...',
    '.yyyyyyyyyy.',
    '.yyyyyyyyyy.',
    'yykkkyykkkyy',
    'yyybbyybbyyy',
    'yyybbyybbyyy',
    'yyybbyybbyyy',
    'yyybbkkbbyyy',
    'yyybkrrkbyyy',
    '.yybkrrkbyy.',
    '.yybykkybyy.',
    '...yyyyyy...',
  ],
  '🪩': [
    '.....kk.....',
    '.....kk.....',
    '...wwbbvv...',
    '..wwwbbvvv..',
    '.ggbbvvwwgg.',
    '.ggbbvvwwgg.',
    'wwvvwwggbbvv',
    'wwvvwwggbbvv',
    '.ggwwbbvvgg.',
    '.ggwwbbvvgg.',
    '..vvggwwbb..',
    '...vggwwb...',
  ],
};

/**
 * Which reactions rise for these counts: all of them while they are few, and then a handful in which each kind has its
 * part, at least one.
 */
export function risersOf(counts: Counts, most: number): Reaction[] {
  const sent = REACTIONS.map((kind) => ({ kind, count: counts[kind] ?? 0 })).filter(
    ({ count }) => count > 0,
  );
  const total = sent.reduce((sum, { count }) => sum + count, 0);
  const share = Math.min(1, most / total);
  const parts = sent.map(({ kind, count }) => ({
    kind,
    left: Math.max(1, Math.round(count * share)),
  }));
  // Turn by turn, so that they rise mixed.
  const risers: Reaction[] = [];
  for (let more = true; more && risers.length < most;) {
    more = false;
    for (const part of parts) {
      if (part.left === 0 || risers.length >= most) continue;
      part.left -= 1;
      risers.push(part.kind);
      more = true;
    }
  }
  return risers;
}

export function sumOf(a: Counts, b: Counts): Counts {
  const sum: Counts = { ...a };
  for (const kind of REACTIONS) {
    const count = (a[kind] ?? 0) + (b[kind] ?? 0);
    if (count > 0) sum[kind] = count;
  }
  return sum;
}
