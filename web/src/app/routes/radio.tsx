import { useState } from 'react';
import { CommentsWindow } from '@/features/comments/components/comments-window';
import { NextFive } from '@/features/radio/components/next-five';
import { formatAgo, formatSeconds } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { Comment } from '@/lib/schemas/comment';
import type { RadioSong } from '@/lib/schemas/song';
import { useStationClock, useStationNow } from '@/lib/station-clock';
import { useTitle } from '@/lib/use-title';
import { useRadio } from '../radio-context';

const MINUTE_MS = 60_000;

const ofLastMinute = (comments: readonly Comment[], now: number): number =>
  comments.filter((comment) => now - comment.createdAt < MINUTE_MS).length;

/** The place in the song, milliseconds from its start, never outside of it. */
const placeIn = ({ startedAt, endsAt }: RadioSong, now: number): number =>
  Math.round(Math.min(Math.max(0, now - startedAt), endsAt - startedAt));

/** What people say about the song on air; a line said during this playing carries its second. */
function Live({ song, patient }: { song: RadioSong; patient: boolean }) {
  const { t } = useTranslation('comments');
  const clock = useStationClock();
  const now = useStationNow(song.startedAt);
  const at = (momentMs: number): string => formatSeconds((momentMs - song.startedAt) / 1000);
  return (
    <CommentsWindow
      target={{ type: 'song', id: song._id }}
      title={t('live')}
      placeholder={t('placeholder.live', { time: at(now) })}
      empty={t('empty.live')}
      when={({ createdAt, atMs }) => {
        const second = atMs === undefined ? null : formatSeconds(atMs / 1000);
        if (createdAt >= song.startedAt) return second ?? at(createdAt);
        const ago = formatAgo(createdAt, now);
        return second === null ? ago : `${second} · ${ago}`;
      }}
      fact={(comments) => {
        const count = ofLastMinute(comments, now);
        return count === 0 ? null : t('perMinute', { count });
      }}
      atMs={() => placeIn(song, clock.now())}
      onAir
      patient={patient}
    />
  );
}

export function RadioRoute() {
  const { t } = useTranslation();
  const { stream, onAir } = useRadio();
  const song = onAir.current;
  // Somebody who opens the page wants to see what is said; a song that comes by itself is patient.
  const [first, setFirst] = useState(song?._id ?? null);
  if (first === null && song !== null) setFirst(song._id);
  useTitle(song === null ? null : t('songBy', { title: song.title, artist: song.artist }));
  return (
    <main className="page side" id="content">
      {(stream === undefined || song !== null) && <NextFive upcoming={onAir.upcoming} />}
      {song !== null && <Live key={song._id} song={song} patient={song._id !== first} />}
      {stream !== undefined && song === null && <EmptyStation />}
    </main>
  );
}

/** For whoever keeps this station. */
function EmptyStation() {
  const { t } = useTranslation('pages');
  const ways = [
    [`popradio scan ${t('newStation.folder')}`, t('newStation.scan')],
    [`popradio import ${t('newStation.file')}`, t('newStation.import')],
    ['popradio demo', t('newStation.demo')],
  ] as const;
  return (
    <section className="window" aria-labelledby="h-empty">
      <div className="head">
        <h2 id="h-empty">{t('newStation.title')}</h2>
      </div>
      <div className="prose">
        <p>{t('newStation.text')}</p>
        <dl>
          {ways.map(([command, does]) => (
            <div key={command}>
              <dt>
                <code dir="ltr">{command}</code>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
