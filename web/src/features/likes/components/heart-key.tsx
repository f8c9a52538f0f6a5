import { HeartBig, HeartLine, Spark } from '@/components/drawn-icons';
import { formatCount } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { Song } from '@/lib/schemas/song';
import { useLike } from '../hooks/use-like';

interface HeartKeyProps {
  song: Pick<Song, '_id' | 'title' | 'likes' | 'isLikedByUser'>;
}

/** The centre key of the device: a heart with its count, in a ring of foil while it is on. */
export function HeartKey({ song }: HeartKeyProps) {
  const { t } = useTranslation('likes');
  const toggle = useLike({ type: 'song', id: song._id }, song.isLikedByUser);
  const likes = formatCount(song.likes);
  return (
    <>
      <button
        type="button"
        className="jewel"
        aria-keyshortcuts="L"
        aria-pressed={song.isLikedByUser}
        aria-label={t('likeWithCount', { title: song.title, count: song.likes })}
        data-digits={likes.length > 7 ? 'many' : 'few'}
        onClick={toggle}
      >
        <HeartBig className="on" aria-hidden="true" />
        <HeartLine className="off" aria-hidden="true" />
        <span className="led">{likes}</span>
      </button>
      <span className="twinkle" aria-hidden="true">
        <Spark className="i" />
        <Spark className="i" />
        <Spark className="i" />
      </span>
    </>
  );
}
