import { Heart } from 'pixelarticons/react/Heart.js';
import { HeartFull } from '@/components/drawn-icons';
import { formatCount } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { TargetType } from '@/lib/schemas/comment';
import { useLike } from '../hooks/use-like';

interface GelHeartProps {
  type: TargetType;
  of: { _id: string; title: string; likes: number; isLikedByUser: boolean };
}

/** The heart of a page's own song or playlist: a key of clear gel. */
export function GelHeart({ type, of }: GelHeartProps) {
  const { t } = useTranslation('likes');
  const toggle = useLike({ type, id: of._id }, of.isLikedByUser);
  return (
    <button
      type="button"
      className="gel gel--clear love-key"
      aria-pressed={of.isLikedByUser}
      aria-label={t('likeWithCount', { title: of.title, count: of.likes })}
      onClick={toggle}
    >
      <Heart className="i off" aria-hidden="true" />
      <HeartFull className="i on" aria-hidden="true" />
      <span className="led">{formatCount(of.likes)}</span>
    </button>
  );
}
