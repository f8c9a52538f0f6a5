import { CommentsWindow } from '@/features/comments/components/comments-window';
import { NextFive } from '@/features/radio/components/next-five';
import { formatAgo, formatSeconds } from '@/lib/format';
import type { Comment } from '@/lib/schemas/comment';
import type { RadioSong } from '@/lib/schemas/song';
import { useStationNow } from '@/lib/station-clock';
import { useTitle } from '@/lib/use-title';
import { useRadio } from '../radio-context';

const MINUTE_MS = 60_000;

function perMinute(comments: readonly Comment[], now: number): string | null {
  const fresh = comments.filter((comment) => now - comment.createdAt < MINUTE_MS).length;
  return fresh === 0 ? null : `${fresh} a minute`;
}

/** What people say about the song on air; a line said during this playing carries its second. */
function Live({ song }: { song: RadioSong }) {
  const now = useStationNow(song.startedAt);
  const at = (momentMs: number): string => formatSeconds((momentMs - song.startedAt) / 1000);
  return (
    <CommentsWindow
      target={{ type: 'song', id: song._id }}
      title="Live"
      placeholder={`Say something at ${at(now)}`}
      empty="Nobody has said anything about this one. You could be the first."
      when={({ createdAt }) =>
        createdAt >= song.startedAt ? at(createdAt) : formatAgo(createdAt, now)
      }
      fact={(comments) => perMinute(comments, now)}
    />
  );
}

export function RadioRoute() {
  const { stream, onAir } = useRadio();
  const song = onAir.current;
  useTitle(song === null ? 'on air, in step' : `${song.title} by ${song.artist}`);
  return (
    <main className="page side" id="content">
      {(stream === undefined || song !== null) && <NextFive upcoming={onAir.upcoming} />}
      {song !== null && <Live key={song._id} song={song} />}
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
