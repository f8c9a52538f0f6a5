import { useQuery } from '@tanstack/react-query';
import { Share } from 'pixelarticons/react/Share.js';
import { useParams } from 'react-router';
import { Play } from '@/components/drawn-icons';
import { FeaturedChip } from '@/components/featured-chip';
import { JewelCase } from '@/components/jewel-case';
import { Lid } from '@/components/lid';
import { Ridge } from '@/components/ridge';
import { TrackRow } from '@/components/track-row';
import { GelHeart } from '@/features/likes/components/gel-heart';
import { LoveButton } from '@/features/likes/components/love-button';
import { playlistOptions } from '@/features/playlists/api/get-playlist';
import { lengthOfList } from '@/features/playlists/lib/length-of-list';
import { SoloPlayer } from '@/features/solo/components/solo-player';
import { usePlayThrough } from '@/features/solo/hooks/use-play-through';
import { formatLength } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import { share } from '@/lib/share';
import { usePictureFlavour } from '@/lib/use-picture-flavour';
import { useTitle } from '@/lib/use-title';
import { isNotFound } from '../is-not-found';
import { useRadio } from '../radio-context';
import { AgoComments } from './ago-comments';
import { CouldNotFetch } from './could-not-fetch';
import NotFound from './not-found';

export default function PlaylistRoute() {
  const { playlistId = '' } = useParams();
  const { onAir } = useRadio();
  const { data: playlist, error, refetch } = useQuery(playlistOptions(playlistId));
  const flavour = usePictureFlavour(playlistId, playlist?.coverImage ?? '');
  const { t } = useTranslation(['solo', 'playlists', 'common']);
  const through = usePlayThrough(playlistId, playlist?.songs ?? []);
  useTitle(playlist?.title ?? t('playlists:one'));
  if (playlist === undefined) {
    if (isNotFound(error)) return <NotFound what="playlist" />;
    if (error !== null)
      return <CouldNotFetch title={t('playlists:one')} onTry={() => void refetch()} />;
    return <main className="page page--list" id="content" aria-busy="true" />;
  }
  const plays = playlist.songs.some((song) => song._id === onAir.current?._id);
  return (
    <>
      <Lid className="hero" flavour={flavour}>
        <JewelCase art={playlist.coverImage} turns={plays || through.song !== null} />
        <div className="hero-text">
          {playlist.isFeatured && <FeaturedChip />}
          <h1 className="title" dir="auto">
            {playlist.title}
          </h1>
          <p className="led stats">
            {t('common:songs', { count: playlist.songs.length })} <i />{' '}
            {formatLength(lengthOfList(playlist))}
          </p>
        </div>
        {playlist.description !== '' && (
          <p className="by" dir="auto">
            {playlist.description}
          </p>
        )}
        <div className="acts">
          <button
            type="button"
            className="gel gel--big"
            disabled={through.song !== null || playlist.songs.length === 0}
            onClick={() => through.start()}
          >
            <Play className="i" aria-hidden="true" />
            {t('playThrough')}
          </button>
          <GelHeart type="playlist" of={playlist} />
          <button
            type="button"
            className="gel gel--clear gel--icon"
            aria-label={t('common:share')}
            onClick={() =>
              void share(playlist.title, playlist.description, `/playlists/${playlist._id}`)
            }
          >
            <Share className="i" aria-hidden="true" />
          </button>
        </div>
      </Lid>
      <main className="page page--list" id="content">
        {through.song !== null && (
          <SoloPlayer
            song={through.song}
            flavour={flavour}
            place={t('place', { place: through.place, count: playlist.songs.length })}
            onNext={through.hasNext ? through.next : undefined}
            onEnded={through.next}
            onClose={through.stop}
          />
        )}
        <section className="window" aria-labelledby="h-tracks">
          <div className="head">
            <h2 id="h-tracks">{t('playlists:inOrder')}</h2>
            <Ridge />
          </div>
          <ol className="rows rows--tracks">
            {playlist.songs.map((song, index) => (
              <li key={song._id}>
                <TrackRow
                  song={song}
                  place={index + 1}
                  onAir={
                    through.song === null
                      ? song._id === onAir.current?._id
                      : index + 1 === through.place
                  }
                  action={<LoveButton song={song} />}
                />
              </li>
            ))}
          </ol>
          {playlist.songs.length === 0 && <p className="hush">{t('playlists:empty')}</p>}
        </section>
        <AgoComments type="playlist" id={playlist._id} />
      </main>
    </>
  );
}
