import { describe, expect, it } from 'vitest';
import { aSong } from '@/testing/songs';
import { dropLike, forgetKeptLikes, keepLike, keepLikes, keptLikes } from './kept-likes';
import { keptStrings } from './storage';

const memory = () =>
  keptStrings(() => {
    throw new Error('no storage here');
  });
const titles = (kept: ReturnType<typeof memory>) => keptLikes(kept).map(({ title }) => title);

describe('what I liked, without a line', () => {
  it('puts the latest first, and each song once', () => {
    const kept = memory();
    keepLike(kept, aSong(1));
    keepLike(kept, aSong(2));
    keepLike(kept, aSong(1));
    expect(titles(kept)).toEqual(['Song 1', 'Song 2']);
    dropLike(kept, aSong(2)._id);
    expect(titles(kept)).toEqual(['Song 1']);
  });

  it('keeps names and covers, and nothing that grows old or tells on somebody', () => {
    const kept = memory();
    keepLike(kept, aSong(1));
    expect(Object.keys(keptLikes(kept)[0] ?? {})).toEqual(['_id', 'title', 'artist', 'albumArt']);
  });

  it('keeps sixty at most, and none after forgetting', () => {
    const kept = memory();
    keepLikes(
      kept,
      Array.from({ length: 100 }, (_, n) => aSong(n)),
    );
    expect(keptLikes(kept)).toHaveLength(60);
    forgetKeptLikes(kept);
    expect(keptLikes(kept)).toEqual([]);
  });

  it.each(['', '{', '[1]', '{"a":1}'])('starts over when what it finds is "%s"', (found) => {
    const kept = memory();
    kept.set('popradio.liked', found);
    expect(keptLikes(kept)).toEqual([]);
  });
});
