import { NavLink } from 'react-router';
import { useTranslation } from '@/lib/i18n/use-translation';

/** All playlists, or the featured ones: two addresses of one shelf. */
export function PlaylistTabs() {
  const { t } = useTranslation(['more', 'songs']);
  return (
    <nav className="chips" aria-label={t('allPlaylists')}>
      <NavLink className="chip" to="/playlists" end>
        {t('songs:allGenres')}
      </NavLink>
      <NavLink className="chip" to="/playlists/featured">
        {t('featured')}
      </NavLink>
    </nav>
  );
}
