import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Marquee } from '@/components/marquee';
import { SegBar } from '@/components/seg-bar';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { RadioSong } from '@/lib/schemas/song';
import { useStationNow } from '@/lib/station-clock';

/** The outer display of the shut phone; it opens the radio. */
export function ShutDisplay({ song, heart }: { song: RadioSong | null; heart: ReactNode }) {
  const { t } = useTranslation('radio');
  const now = useStationNow(song?.startedAt ?? 0);
  const part = song === null ? 0 : (now - song.startedAt) / (song.endsAt - song.startedAt);
  return (
    <>
      <Link
        className="mini-link"
        to="/"
        aria-label={
          song === null
            ? t('open.idle')
            : t('open.song', { title: song.title, artist: song.artist })
        }
      >
        <span className="lcd">
          <Marquee text={song?.title ?? 'PopRadio'} />
          <SegBar part={part} />
        </span>
      </Link>
      {heart}
    </>
  );
}
