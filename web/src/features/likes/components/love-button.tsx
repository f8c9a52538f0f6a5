import { Heart } from 'pixelarticons/react/Heart.js';
import { HeartFull } from '@/components/drawn-icons';
import { formatCount } from '@/lib/format';
import type { Song } from '@/lib/schemas/song';
import { useLike } from '../hooks/use-like';

/** The heart of a song in a list, with its count. */
export function LoveButton({
  song,
}: {
  song: Pick<Song, '_id' | 'title' | 'likes' | 'isLikedByUser'>;
}) {
  const toggle = useLike({ type: 'song', id: song._id }, song.isLikedByUser);
  const likes = formatCount(song.likes);
  return (
    <button
      type="button"
      className="love"
      aria-pressed={song.isLikedByUser}
      aria-label={`Like ${song.title}, ${likes} likes`}
      onClick={toggle}
    >
      <span className="led">{likes}</span>
      <Heart className="i off" aria-hidden="true" />
      <HeartFull className="i on" aria-hidden="true" />
    </button>
  );
}
