import { useState } from 'react';
import { CommentsWindow } from '@/features/comments/components/comments-window';
import { NextFive } from '@/features/radio/components/next-five';
import { formatAgo, formatSeconds } from '@/lib/format';
import type { Comment } from '@/lib/schemas/comment';
import type { RadioSong } from '@/lib/schemas/song';
import { useStationClock, useStationNow } from '@/lib/station-clock';
import { useTitle } from '@/lib/use-title';
import { useRadio } from '../radio-context';

const MINUTE_MS = 60_000;

function perMinute(comments: readonly Comment[], now: number): string | null {
  const fresh = comments.filter((comment) => now - comment.createdAt < MINUTE_MS).length;
  return fresh === 0 ? null : `${fresh} a minute`;
}

/** The place in the song, milliseconds from its start, never outside of it. */
const placeIn = ({ startedAt, endsAt }: RadioSong, now: number): number =>
  Math.round(Math.min(Math.max(0, now - startedAt), endsAt - startedAt));

/** What people say about the song on air; a line said during this playing carries its second. */
function Live({ song, patient }: { song: RadioSong; patient: boolean }) {
  const clock = useStationClock();
  const now = useStationNow(song.startedAt);
  const at = (momentMs: number): string => formatSeconds((momentMs - song.startedAt) / 1000);
  return (
    <CommentsWindow
      target={{ type: 'song', id: song._id }}
      title="Live"
      placeholder={`Say something at ${at(now)}`}
      empty="Nobody has said anything about this one. You could be the first."
      when={({ createdAt, atMs }) => {
        const second = atMs === undefined ? null : formatSeconds(atMs / 1000);
        if (createdAt >= song.startedAt) return second ?? at(createdAt);
        const ago = formatAgo(createdAt, now);
        return second === null ? ago : `${second} · ${ago}`;
      }}
      fact={(comments) => perMinute(comments, now)}
      atMs={() => placeIn(song, clock.now())}
      onAir
      patient={patient}
    />
  );
}

export function RadioRoute() {
  const { stream, onAir } = useRadio();
  const song = onAir.current;
  // Somebody who opens the page wants to see what is said; a song that comes by itself is patient.
  const [first, setFirst] = useState(song?._id ?? null);
  if (first === null && song !== null) setFirst(song._id);
  useTitle(song === null ? 'on air, in step' : `${song.title} by ${song.artist}`);
  return (
    <main className="page side" id="content">
      {(stream === undefined || song !== null) && <NextFive upcoming={onAir.upcoming} />}
      {song !== null && <Live key={song._id} song={song} patient={song._id !== first} />}
      {stream !== undefined && song === null && <EmptyStation />}
    </main>
  );
}

const WAYS = [
  ['popradio scan FOLDER', 'adds a folder of videos and music'],
  ['popradio import FILE', 'adds a list: JSON, CSV or M3U'],
  ['popradio demo', 'adds a few short videos to try it with'],
] as const;

/** For whoever keeps this station. */
function EmptyStation() {
  return (
    <section className="window" aria-labelledby="h-empty">
      <div className="head">
        <h2 id="h-empty">A new station</h2>
      </div>
      <div className="prose">
        <p>
          It is on, it is yours, and it has no songs yet. Give it some, and this page starts by
          itself:
        </p>
        <dl>
          {WAYS.map(([command, does]) => (
            <div key={command}>
              <dt>
                <code>{command}</code>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
