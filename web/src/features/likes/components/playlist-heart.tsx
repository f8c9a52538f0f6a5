import { Heart } from 'pixelarticons/react/Heart.js';
import { HeartFull } from '@/components/drawn-icons';
import { formatCount } from '@/lib/format';
import type { Playlist } from '@/lib/schemas/playlist';
import { useLike } from '../hooks/use-like';

/** The heart of a playlist: a key of clear gel. */
export function PlaylistHeart({
  playlist,
}: {
  playlist: Pick<Playlist, '_id' | 'title' | 'likes' | 'isLikedByUser'>;
}) {
  const toggle = useLike({ type: 'playlist', id: playlist._id }, playlist.isLikedByUser);
  const likes = formatCount(playlist.likes);
  return (
    <button
      type="button"
      className="gel gel--clear love-key"
      aria-pressed={playlist.isLikedByUser}
      aria-label={`Like ${playlist.title}, ${likes} likes`}
      onClick={toggle}
    >
      <Heart className="i off" aria-hidden="true" />
      <HeartFull className="i on" aria-hidden="true" />
      <span className="led">{likes}</span>
    </button>
  );
}
