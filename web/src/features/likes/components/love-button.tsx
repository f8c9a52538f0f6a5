import { Heart } from 'pixelarticons/react/Heart.js';
import { HeartFull } from '@/components/drawn-icons';
import { formatCount } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { Song } from '@/lib/schemas/song';
import { useLike } from '../hooks/use-like';

/** The heart of a song in a list, with its count. */
export function LoveButton({
  song,
}: {
  song: Pick<Song, '_id' | 'title' | 'likes' | 'isLikedByUser'>;
}) {
  const { t } = useTranslation('likes');
  const toggle = useLike({ type: 'song', id: song._id }, song.isLikedByUser);
  return (
    <button
      type="button"
      className="love"
      aria-pressed={song.isLikedByUser}
      aria-label={t('likeWithCount', { title: song.title, count: song.likes })}
      onClick={toggle}
    >
      <span className="led">{formatCount(song.likes)}</span>
      <Heart className="i off" aria-hidden="true" />
      <HeartFull className="i on" aria-hidden="true" />
    </button>
  );
}
