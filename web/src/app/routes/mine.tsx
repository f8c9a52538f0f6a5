import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
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
import { keepLikes } from '@/lib/kept-likes';
import { device } from '@/lib/storage';
import { useTitle } from '@/lib/use-title';
import { useRadio } from '../radio-context';
import { CouldNotFetch } from './could-not-fetch';

/** Each song is one question to the station; so many at a time. */
const AT_A_TIME = 20;

export default function MineRoute() {
  const { onAir } = useRadio();
  const { data: me, error, refetch } = useQuery(mySessionOptions());
  const [shown, setShown] = useState(AT_A_TIME);
  const ids = me?.liked.songs ?? [];
  const { songs, pending } = useLikedSongs(ids.slice(0, shown));
  const [carried, setCarried] = useCarriedSession();
  // The offline page shows these; what the station says is what counts.
  useEffect(() => {
    if (me !== undefined && !pending) keepLikes(device, songs);
  }, [me, pending, songs]);
  const likesLists = (me?.liked.playlists.length ?? 0) > 0;
  const { data: playlists = [] } = useQuery({ ...playlistsOptions(), enabled: likesLists });
  useTitle('Mine');
  if (error !== null && me === undefined) {
    return <CouldNotFetch title="Mine" onTry={() => void refetch()} />;
  }
  const liked = playlists.filter((playlist) => me?.liked.playlists.includes(playlist._id));
  return (
    <>
      <Lid>
        <h1 className="title">
          Mine <span className="led">{me === undefined ? '' : formatCount(ids.length)}</span>
        </h1>
        {me !== undefined && <p className="by">You comment as {me.author}.</p>}
      </Lid>
      <main className="page page--list" id="content">
        {carried !== null && (
          <TakeSession key={carried} sessionId={carried} onDone={() => setCarried(null)} />
        )}
        {!session.durable && (
          <PageNote title="Only for this visit">
            <p>
              Your browser keeps nothing for this page, so your hearts are yours until you close it.
            </p>
          </PageNote>
        )}
        {songs.length > 0 && (
          <section className="window" aria-label="Songs I like">
            <div className="head">
              <h2>What I like</h2>
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
                  Show more
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
          <PageNote title="No hearts yet">
            <p>
              Whatever you give a heart waits for you here, on this device, without a name or a
              password.
            </p>
            <p>
              <Link className="gel" to="/">
                To the radio
              </Link>
            </p>
          </PageNote>
        )}
        {me !== undefined && (
          <PageNote title="You, to this station">
            <p>
              A random number in this browser, and nothing else: no account, no cookie. It is how
              your hearts find you again.
            </p>
            <CarryAway />
            <CarryHere onSession={setCarried} />
            <div id="forget">
              <ForgetMeKey />
            </div>
          </PageNote>
        )}
      </main>
    </>
  );
}
