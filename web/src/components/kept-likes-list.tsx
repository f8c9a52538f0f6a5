import { Link } from 'react-router';
import { useTranslation } from '@/lib/i18n/use-translation';
import { keptLikes } from '@/lib/kept-likes';
import { device } from '@/lib/storage';
import { Art } from './art';
import { Ridge } from './ridge';

/** What this device remembers of what was liked: for when the station cannot be asked. */
export function KeptLikesList() {
  const { t } = useTranslation('more');
  const songs = keptLikes(device);
  return (
    <section className="window" aria-labelledby="h-kept">
      <div className="head">
        <h2 id="h-kept" className="cut">
          {t('offline.kept')}
        </h2>
        <Ridge />
      </div>
      {songs.length === 0 ? (
        <p className="hush">{t('offline.none')}</p>
      ) : (
        <ul className="rows rows--kept">
          {songs.map((song) => (
            <li key={song._id}>
              <div className="row">
                <span className="art">
                  <Art src={song.albumArt} sidePx={40} />
                </span>
                <Link className="what" to={`/songs/${song._id}`}>
                  <span className="name cut">{song.title}</span>
                  <span className="by cut">{song.artist}</span>
                </Link>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
