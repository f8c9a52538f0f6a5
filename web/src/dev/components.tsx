import { Search } from 'pixelarticons/react/Search.js';
import type { ReactNode } from 'react';
import { Art } from '@/components/art';
import { HeartFull, Play, Skip, Spark } from '@/components/drawn-icons';
import { Equaliser } from '@/components/equaliser';
import { FactWindow } from '@/components/fact-window';
import { FeaturedChip } from '@/components/featured-chip';
import { JewelCase } from '@/components/jewel-case';
import { ListenersChip } from '@/components/listeners-chip';
import { PageNote } from '@/components/page-note';
import { QrCode } from '@/components/qr-code';
import { SegBar } from '@/components/seg-bar';
import { SongRow } from '@/components/song-row';
import { TrackRow } from '@/components/track-row';
import { CommentLine } from '@/features/comments/components/comment-line';
import { PlayedRow } from '@/features/history/components/played-row';
import { GelHeart } from '@/features/likes/components/gel-heart';
import { HeartKey } from '@/features/likes/components/heart-key';
import { IdleHeartKey } from '@/features/likes/components/idle-heart-key';
import { LoveButton } from '@/features/likes/components/love-button';
import { PlaylistCard } from '@/features/playlists/components/playlist-card';
import { Display } from '@/features/radio/components/display';
import { KeyPlate } from '@/features/radio/components/key-plate';
import { Sleeve } from '@/features/radio/components/sleeve';
import { GenreChips } from '@/features/songs/components/genre-chips';
import { OrderHead } from '@/features/songs/components/order-head';
import { FLAVOURS } from '@/lib/flavour';
import { aComment, aSlot, aSong } from '@/testing/songs';
import { MARK } from './mark';
import './components.css';

const nothing = (): void => undefined;
const cover = '/favicon.svg';
const song = aSong(1, {
  title: 'Heart-Shaped Satellite',
  artist: 'Paper Orbit',
  likes: 18_204,
  albumArt: cover,
});
const long = aSong(2, {
  title: 'A Title That Is Far Too Long for Any Display That Was Ever Built',
  artist: 'Kite Department',
  likes: 1_234_567,
  albumArt: '',
  isLikedByUser: true,
});
const now = Date.now();
const slot = aSlot(3, { ...song, startedAt: now - 107_000, endsAt: now + 105_000, duration: 212 });
const playlist = {
  _id: aSong(9)._id,
  title: 'Songs for a Window Seat',
  description: 'Slow ones for night buses.',
  coverImage: cover,
  songs: [song, long],
  likes: 2_318,
  views: 40,
  isLikedByUser: false,
  isFeatured: true,
};
const skip = { policy: 'vote' as const, votes: 0, needed: 4, voted: false };

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section>
      <h3>{name}</h3>
      <div className="parts-row">{children}</div>
    </section>
  );
}

function Parts() {
  return (
    <>
      <Part name="Gel: rest, big, icon, busy, disabled">
        <button type="button" className="gel">
          Load it
        </button>
        <button type="button" className="gel gel--big">
          <Play className="i" />
          Play through
        </button>
        <button type="button" className="gel gel--icon" aria-label="Skip">
          <Skip className="i" />
        </button>
        <button type="button" className="gel" aria-busy="true">
          Forget me
        </button>
        <button type="button" className="gel" disabled>
          Read the words
        </button>
      </Part>
      <Part name="Clear gel: rest, busy, disabled, heart off and on">
        <button type="button" className="gel gel--clear">
          Later
        </button>
        <button type="button" className="gel gel--clear" aria-busy="true">
          Try again
        </button>
        <button type="button" className="gel gel--clear" disabled>
          Try again
        </button>
        <GelHeart type="song" of={song} />
        <GelHeart type="song" of={long} />
      </Part>
      <Part name="Foil: all of us, alone, not known yet, featured">
        <ListenersChip listeners={12_408} alone={false} />
        <ListenersChip listeners={1} alone />
        <ListenersChip listeners={null} alone={false} />
        <FeaturedChip />
      </Part>
      <Part name="Chips, one chosen">
        <GenreChips
          genres={['Bubblegum', 'Eurodance', '2-step']}
          chosen="Eurodance"
          onChoose={nothing}
        />
      </Part>
      <Part name="Field">
        <label className="field field--search">
          <Search className="i" aria-hidden="true" />
          <span className="vh">Search</span>
          <input type="search" placeholder="Title or artist" />
        </label>
      </Part>
      <Part name="Display: in step">
        <Display song={slot} idleTitle="" idleLine="" sync="in step, ±12 ms" moving skip={skip} />
      </Part>
      <Part name="Display: catching up, a title that runs">
        <Display
          song={{ ...slot, title: long.title }}
          idleTitle=""
          idleLine=""
          sync="catching up"
          moving
          skip={skip}
        />
      </Part>
      <Part name="Display: a vote">
        <Display
          song={slot}
          idleTitle=""
          idleLine=""
          sync="in step"
          moving
          skip={{ ...skip, votes: 3, voted: true }}
        />
      </Part>
      <Part name="Display: no signal">
        <Display
          song={null}
          idleTitle="No signal"
          idleLine="PopRadio"
          sync="no signal"
          moving={false}
          skip={null}
        />
      </Part>
      <Part name="Keys: vote to be cast">
        <KeyPlate
          song={slot}
          skip={skip}
          sound={{ volume: 0.8, muted: false }}
          onSound={nothing}
          heart={<HeartKey song={song} />}
        />
      </Part>
      <Part name="Keys: voted, muted, liked">
        <KeyPlate
          song={slot}
          skip={{ ...skip, votes: 1, voted: true }}
          sound={{ volume: 0, muted: true }}
          onSound={nothing}
          heart={<HeartKey song={long} />}
        />
      </Part>
      <Part name="Keys: nothing on air, no votes here">
        <KeyPlate
          song={null}
          skip={{ ...skip, policy: 'off' }}
          sound={{ volume: 0.8, muted: false }}
          onSound={nothing}
          heart={<IdleHeartKey />}
        />
      </Part>
      <Part name="Screen without a picture: cover, sound only, failed">
        {(['cover', 'sound', 'failed'] as const).map((shows) => (
          <div className="bezel" key={shows}>
            <div className="screen">
              <Sleeve song={slot} shows={shows} />
            </div>
          </div>
        ))}
      </Part>
      <Part name="Songs: on air, a long title that is liked">
        <section className="window">
          <OrderHead sort="likes" onSort={nothing} />
          <ul className="rows rows--songs">
            <li>
              <SongRow song={song} onAir action={<LoveButton song={song} />} />
            </li>
            <li>
              <SongRow song={long} onAir={false} action={<LoveButton song={long} />} />
            </li>
          </ul>
        </section>
      </Part>
      <Part name="Tracks">
        <section className="window">
          <ol className="rows rows--tracks">
            <li>
              <TrackRow song={song} place={1} onAir action={<LoveButton song={song} />} />
            </li>
            <li>
              <TrackRow song={long} place={2} onAir={false} action={<LoveButton song={long} />} />
            </li>
          </ol>
        </section>
      </Part>
      <Part name="What played: to its end, skipped">
        <section className="window">
          <ol className="rows rows--played">
            {[false, true].map((skipped) => (
              <li key={String(skipped)}>
                <PlayedRow
                  slot={{
                    seq: 1,
                    song,
                    startsAt: now,
                    endsAt: now,
                    why: { code: 'featured', text: '' },
                    skipped,
                  }}
                  heart={<LoveButton song={song} />}
                />
              </li>
            ))}
          </ol>
        </section>
      </Part>
      <Part name="Jewel case: still, turning, without a picture; card">
        <JewelCase art={cover} />
        <JewelCase art={cover} turns />
        <JewelCase art="" />
        <div className="window">
          <PlaylistCard playlist={playlist} />
        </div>
      </Part>
      <Part name="Comments: somebody's, mine">
        <section className="window">
          <ol className="talk">
            <CommentLine comment={aComment(1, { author: 'lilac-comet-42' })} when="1:44" />
            <CommentLine
              comment={aComment(2, { author: 'mint-pager-07', isMine: true, text: 'A'.repeat(90) })}
              when="1:39"
            />
          </ol>
        </section>
      </Part>
      <Part name="Banner, toast, a new release">
        <div className="banner">
          <Spark className="i" aria-hidden="true" />
          <p>
            <b>The station does not answer</b>The song plays on, we try again
          </p>
          <button type="button" className="gel gel--clear">
            Try now
          </button>
        </div>
        <button type="button" className="toast">
          <HeartFull className="i" aria-hidden="true" />
          <span>Your heart did not reach the station. Try it again in a moment.</span>
        </button>
        <section className="news" aria-label="A new release">
          <p>
            <b>Fresh from the press</b>A new release of this page is here.
          </p>
          <button type="button" className="gel">
            Load it
          </button>
          <button type="button" className="gel gel--clear">
            Later
          </button>
        </section>
      </Part>
      <Part name="Windows, code, words, caution">
        <FactWindow title="How we stay in step">
          <p>
            Your device asks the station for the time, a few times, and believes the quickest
            answer.
          </p>
          <p className="caution">Whoever has the code or the words is you on this station.</p>
          <QrCode text="https://radio.example/" label="QR code" />
          <ol className="phrase">
            <li>legal</li>
            <li>winner</li>
            <li>thank</li>
          </ol>
        </FactWindow>
        <PageNote title="No such page">
          <p>There is nothing at this address.</p>
        </PageNote>
      </Part>
      <Part name="Bars, keys, a cover that cannot be had">
        <Equaliser />
        <Equaliser still />
        <div className="lcd">
          <SegBar part={0.6} label="Song" text="1:47 of 3:32" />
        </div>
        <kbd>Space</kbd>
        <span className="art">
          <Art src="" />
        </span>
      </Part>
      <Part name="Flavours">
        {FLAVOURS.map((flavour) => (
          <section className="solo" key={flavour} data-flavour={flavour} aria-label={flavour}>
            <div className="solo-head">
              <span className="led">{flavour}</span>
            </div>
          </section>
        ))}
      </Part>
    </>
  );
}

/** All parts in both themes and all states: to look at while one works on them. `npm run dev`, then /dev/components. */
export default function ComponentsPage() {
  return (
    <main className="page" id="content" aria-label={MARK}>
      <div className="parts">
        {(['bubblegum', 'midnight'] as const).map((theme) => (
          <div key={theme} className="parts-theme" data-theme={theme} data-flavour="bubblegum">
            <h2>{theme}</h2>
            <Parts />
          </div>
        ))}
      </div>
    </main>
  );
}
