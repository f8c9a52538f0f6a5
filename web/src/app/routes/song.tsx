import { useQuery } from '@tanstack/react-query';
import { Share } from 'pixelarticons/react/Share.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { Play } from '@/components/drawn-icons';
import { JewelCase } from '@/components/jewel-case';
import { Lid } from '@/components/lid';
import { GelHeart } from '@/features/likes/components/gel-heart';
import { LoveButton } from '@/features/likes/components/love-button';
import { SoloPlayer } from '@/features/solo/components/solo-player';
import { songOptions } from '@/features/songs/api/get-song';
import { RelatedSongs } from '@/features/songs/components/related-songs';
import { formatCount, formatSeconds } from '@/lib/format';
import { share } from '@/lib/share';
import { usePictureFlavour } from '@/lib/use-picture-flavour';
import { useTitle } from '@/lib/use-title';
import { isNotFound } from '../is-not-found';
import { useRadio } from '../radio-context';
import { AgoComments } from './ago-comments';
import { CouldNotFetch } from './could-not-fetch';
import NotFound from './not-found';

export default function SongRoute() {
  const { songId = '' } = useParams();
  const { onAir } = useRadio();
  const { t } = useTranslation(['solo', 'common']);
  const [soloId, setSoloId] = useState<string | null>(null);
  const { data: song, error, refetch } = useQuery(songOptions(songId));
  const flavour = usePictureFlavour(songId, song?.albumArt ?? '');
  useTitle(song === undefined ? 'Song' : `${song.title} by ${song.artist}`);
  if (song === undefined) {
    if (isNotFound(error)) return <NotFound what="song" />;
    if (error !== null) return <CouldNotFetch title="Song" onTry={() => void refetch()} />;
    return <main className="page page--list" id="content" aria-busy="true" />;
  }
  const facts: [string, string][] = [
    ['Time', formatSeconds(song.duration)],
    ['Plays', formatCount(song.plays)],
    ...(song.releaseYear === null ? [] : [['Year', String(song.releaseYear)] as [string, string]]),
    ...(song.genre.length === 0 ? [] : [['Genre', song.genre.join(', ')] as [string, string]]),
  ];
  return (
    <>
      <Lid className="hero" flavour={flavour}>
        <JewelCase
          art={song.albumArt}
          alt={`Cover of ${song.title}`}
          turns={song._id === onAir.current?._id}
        />
        <div className="hero-text">
          <h1 className="title">{song.title}</h1>
          <p className="by">{song.artist}</p>
          {song._id === onAir.current?._id && <p className="led">On air now</p>}
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
            onClick={() =>
              void share(song.title, `${song.title} by ${song.artist}`, `/songs/${song._id}`)
            }
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
        <section className="window" aria-label="About this song">
          <dl className="facts">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt className="by">{name}</dt>
                <dd className={name === 'Genre' ? 'name' : 'led'}>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
        <RelatedSongs
          song={song}
          onAirId={onAir.current?._id ?? null}
          heart={(other) => <LoveButton song={other} />}
        />
        <AgoComments type="song" id={song._id} />
      </main>
    </>
  );
}
