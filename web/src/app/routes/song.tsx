import { useQuery } from '@tanstack/react-query';
import { Share } from 'pixelarticons/react/Share.js';
import { useState } from 'react';
import { useParams } from 'react-router';
import { Play } from '@/components/drawn-icons';
import { JewelCase } from '@/components/jewel-case';
import { Lid } from '@/components/lid';
import { GelHeart } from '@/features/likes/components/gel-heart';
import { LoveButton } from '@/features/likes/components/love-button';
import { SoloPlayer } from '@/features/solo/components/solo-player';
import { songOptions } from '@/features/songs/api/get-song';
import { RelatedSongs } from '@/features/songs/components/related-songs';
import { formatCount, formatList, formatSeconds } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import { share } from '@/lib/share';
import { usePictureFlavour } from '@/lib/use-picture-flavour';
import { useTitle } from '@/lib/use-title';
import { isNotFound } from '../is-not-found';
import { useRadio } from '../radio-context';
import { AgoComments } from './ago-comments';
import { CouldNotFetch } from './could-not-fetch';
import NotFound from './not-found';

/** Longer titles are set smaller, or they are all one sees of the page. */
const LONG_TITLE = 36;

export default function SongRoute() {
  const { songId = '' } = useParams();
  const { onAir } = useRadio();
  const { t } = useTranslation(['solo', 'songs', 'common']);
  const [soloId, setSoloId] = useState<string | null>(null);
  const { data: song, error, refetch } = useQuery(songOptions(songId));
  const flavour = usePictureFlavour(songId, song?.albumArt ?? '');
  const byline = song && t('common:songBy', { title: song.title, artist: song.artist });
  useTitle(byline ?? t('songs:one'));
  if (song === undefined) {
    if (isNotFound(error)) return <NotFound what="song" />;
    if (error !== null)
      return <CouldNotFetch title={t('songs:one')} onTry={() => void refetch()} />;
    return <main className="page page--list" id="content" aria-busy="true" />;
  }
  const facts = [
    ['time', formatSeconds(song.duration)],
    ['plays', formatCount(song.plays)],
    ['year', song.releaseYear === null ? '' : String(song.releaseYear)],
    ['genre', formatList(song.genre)],
  ] as const;
  return (
    <>
      <Lid className="hero" flavour={flavour}>
        <JewelCase
          art={song.albumArt}
          alt={t('songs:cover', { title: song.title })}
          turns={song._id === onAir.current?._id}
        />
        <div className="hero-text" data-long={song.title.length > LONG_TITLE}>
          <h1 className="title" dir="auto">
            {song.title}
          </h1>
          <p className="by" dir="auto">
            {song.artist}
          </p>
          {song._id === onAir.current?._id && <p className="led">{t('songs:onAir')}</p>}
        </div>
        <div className="acts">
          <button
            type="button"
            className="gel gel--big"
            disabled={soloId === song._id}
            onClick={() => setSoloId(song._id)}
          >
            <Play className="i" aria-hidden="true" />
            {t('playNow')}
          </button>
          <GelHeart type="song" of={song} />
          <button
            type="button"
            className="gel gel--clear gel--icon"
            aria-label={t('common:share')}
            onClick={() => void share(song.title, byline ?? '', `/songs/${song._id}`)}
          >
            <Share className="i" aria-hidden="true" />
          </button>
        </div>
      </Lid>
      <main className="page page--list" id="content">
        {soloId === song._id && (
          <SoloPlayer
            song={song}
            flavour={flavour}
            onEnded={() => setSoloId(null)}
            onClose={() => setSoloId(null)}
          />
        )}
        <section className="window" aria-label={t('songs:about')}>
          <dl className="facts">
            {facts
              .filter(([, value]) => value !== '')
              .map(([name, value]) => (
                <div key={name}>
                  <dt className="by">{t(`songs:columns.${name}`)}</dt>
                  <dd className={name === 'genre' ? 'name' : 'led'} dir="auto">
                    {value}
                  </dd>
                </div>
              ))}
          </dl>
        </section>
        <RelatedSongs
          song={song}
          onAirId={onAir.current?._id ?? null}
          heart={(other) => <LoveButton song={other} />}
        >
          <AgoComments type="song" id={song._id} />
        </RelatedSongs>
      </main>
    </>
  );
}
