import { useQuery } from '@tanstack/react-query';
import { Share } from 'pixelarticons/react/Share.js';
import { useParams } from 'react-router';
import { JewelCase } from '@/components/jewel-case';
import { Lid } from '@/components/lid';
import { GelHeart } from '@/features/likes/components/gel-heart';
import { songOptions } from '@/features/songs/api/get-song';
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
          <GelHeart type="song" of={song} />
          <button
            type="button"
            className="gel gel--clear"
            onClick={() =>
              void share(song.title, `${song.title} by ${song.artist}`, `/songs/${song._id}`)
            }
          >
            <Share className="i" aria-hidden="true" />
            Share
          </button>
        </div>
      </Lid>
      <main className="page page--list" id="content">
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
        <AgoComments type="song" id={song._id} />
      </main>
    </>
  );
}
