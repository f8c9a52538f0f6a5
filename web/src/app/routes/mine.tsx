import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { HeartLine } from '@/components/drawn-icons';
import { Lid } from '@/components/lid';
import { PageNote } from '@/components/page-note';
import { Ridge } from '@/components/ridge';
import { SongRow } from '@/components/song-row';
import { LoveButton } from '@/features/likes/components/love-button';
import { useLikedSongs } from '@/features/mine/api/get-liked';
import { mySessionOptions } from '@/features/mine/api/get-my-session';
import { CarryAway } from '@/features/mine/components/carry-away';
import { CarryHere } from '@/features/mine/components/carry-here';
import { ForgetMeKey } from '@/features/mine/components/forget-me-key';
import { TakeSession } from '@/features/mine/components/take-session';
import { useCarriedSession } from '@/features/mine/hooks/use-carried-session';
import { playlistsOptions } from '@/features/playlists/api/get-playlists';
import { PlaylistCard } from '@/features/playlists/components/playlist-card';
import { session } from '@/lib/api/client';
import { formatCount } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import { keepLikes } from '@/lib/kept-likes';
import { device } from '@/lib/storage';
import { useHashTarget } from '@/lib/use-hash-target';
import { useTitle } from '@/lib/use-title';
import { useRadio } from '../radio-context';
import { CouldNotFetch } from './could-not-fetch';

/** Each song is one question to the station; so many at a time. */
const AT_A_TIME = 20;

export default function MineRoute() {
  const { t } = useTranslation(['mine', 'common']);
  const { onAir } = useRadio();
  const { data: me, error, refetch } = useQuery(mySessionOptions());
  const [shown, setShown] = useState(AT_A_TIME);
  const ids = me?.liked.songs ?? [];
  const { songs, pending } = useLikedSongs(ids.slice(0, shown));
  const [carried, setCarried] = useCarriedSession();
  const forget = useHashTarget<HTMLDivElement>('forget');
  // The offline page shows these; what the station says is what counts.
  useEffect(() => {
    if (me !== undefined && !pending) keepLikes(device, songs);
  }, [me, pending, songs]);
  const likesLists = (me?.liked.playlists.length ?? 0) > 0;
  const { data: playlists = [] } = useQuery({ ...playlistsOptions(), enabled: likesLists });
  useTitle(t('title'));
  if (error !== null && me === undefined) {
    return <CouldNotFetch title={t('title')} onTry={() => void refetch()} />;
  }
  const liked = playlists.filter((playlist) => me?.liked.playlists.includes(playlist._id));
  return (
    <>
      <Lid>
        <h1 className="title">
          {t('title')}{' '}
          <span className="led">{me === undefined ? '' : formatCount(ids.length)}</span>
        </h1>
        {me !== undefined && <p className="by">{t('name', { author: me.author })}</p>}
      </Lid>
      <main className="page page--list page--mine" id="content">
        {carried !== null && (
          <TakeSession key={carried} sessionId={carried} onDone={() => setCarried(null)} />
        )}
        {!session.durable && (
          <PageNote title={t('visit.title')}>
            <p>{t('visit.text')}</p>
          </PageNote>
        )}
        {songs.length > 0 && (
          <section className="window" aria-label={t('songs')}>
            <div className="head">
              <h2>{t('liked')}</h2>
              <Ridge />
            </div>
            <ul className="rows rows--songs">
              {songs.map((song) => (
                <li key={song._id}>
                  <SongRow
                    song={song}
                    onAir={song._id === onAir.current?._id}
                    action={<LoveButton song={song} />}
                  />
                </li>
              ))}
            </ul>
            {ids.length > shown && (
              <p className="hush">
                <button
                  type="button"
                  className="gel gel--clear"
                  onClick={() => setShown((before) => before + AT_A_TIME)}
                >
                  {t('common:showMore')}
                </button>
              </p>
            )}
          </section>
        )}
        {liked.length > 0 && (
          <ul className="cards">
            {liked.map((playlist) => (
              <li key={playlist._id} className="window">
                <PlaylistCard playlist={playlist} />
              </li>
            ))}
          </ul>
        )}
        {me !== undefined && ids.length === 0 && liked.length === 0 && (
          <PageNote
            title={t('none.title')}
            picture={<HeartLine className="drawn" aria-hidden="true" />}
          >
            <p>{t('none.text')}</p>
            <p>
              <Link className="gel" to="/">
                {t('common:toTheRadio')}
              </Link>
            </p>
          </PageNote>
        )}
        {me !== undefined && (
          <PageNote title={t('you.title')}>
            <p>{t('you.text')}</p>
            <CarryAway />
            <CarryHere onSession={setCarried} />
            <div id="forget" ref={forget}>
              <ForgetMeKey />
            </div>
          </PageNote>
        )}
      </main>
    </>
  );
}
