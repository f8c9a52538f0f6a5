import { HeartBig, HeartLine } from '@/components/drawn-icons';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { Song } from '@/lib/schemas/song';
import { useLike } from '../hooks/use-like';

/** The heart on the shut phone. */
export function MiniHeart({ song }: { song: Pick<Song, '_id' | 'title' | 'isLikedByUser'> }) {
  const { t } = useTranslation('likes');
  const toggle = useLike({ type: 'song', id: song._id }, song.isLikedByUser);
  return (
    <button
      type="button"
      className="jewel jewel--s"
      aria-keyshortcuts="L"
      aria-pressed={song.isLikedByUser}
      aria-label={t('like', { title: song.title })}
      onClick={toggle}
    >
      <HeartBig className="on" aria-hidden="true" />
      <HeartLine className="off" aria-hidden="true" />
    </button>
  );
}
