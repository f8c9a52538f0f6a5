import { Link } from 'react-router';
import { FeaturedChip } from '@/components/featured-chip';
import { JewelCase } from '@/components/jewel-case';
import { formatLength, plural } from '@/lib/format';
import type { Playlist } from '@/lib/schemas/playlist';
import { lengthOfList } from '../lib/length-of-list';

/** A playlist among others. */
export function PlaylistCard({ playlist }: { playlist: Playlist }) {
  return (
    <Link className="card" to={`/playlists/${playlist._id}`}>
      <JewelCase art={playlist.coverImage} />
      <span className="card-text">
        {playlist.isFeatured && <FeaturedChip />}
        <span className="name">{playlist.title}</span>
        <span className="led stats">
          {plural(playlist.songs.length, 'song', 'songs')} <i />{' '}
          {formatLength(lengthOfList(playlist))}
        </span>
        {playlist.description !== '' && <span className="by">{playlist.description}</span>}
      </span>
    </Link>
  );
}
