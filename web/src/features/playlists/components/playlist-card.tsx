import { Link } from 'react-router';
import { FeaturedChip } from '@/components/featured-chip';
import { JewelCase } from '@/components/jewel-case';
import { formatLength } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { Playlist } from '@/lib/schemas/playlist';
import { lengthOfList } from '../lib/length-of-list';

/** A playlist among others. */
export function PlaylistCard({ playlist }: { playlist: Playlist }) {
  const { t } = useTranslation();
  return (
    <Link className="card" to={`/playlists/${playlist._id}`}>
      <JewelCase art={playlist.coverImage} sidePx={94} />
      <span className="card-text">
        {playlist.isFeatured && <FeaturedChip />}
        <span className="name" dir="auto">
          {playlist.title}
        </span>
        <span className="led stats">
          {t('songs', { count: playlist.songs.length })} <i />{' '}
          {formatLength(lengthOfList(playlist))}
        </span>
        {playlist.description !== '' && (
          <span className="by" dir="auto">
            {playlist.description}
          </span>
        )}
      </span>
    </Link>
  );
}
