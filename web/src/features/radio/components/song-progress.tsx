import { SegBar } from '@/components/seg-bar';
import { formatSeconds } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { RadioSong } from '@/lib/schemas/song';
import { useStationNow } from '@/lib/station-clock';

/** Where the song is: derived from the station's clock, never stored. */
export function SongProgress({ song }: { song: RadioSong }) {
  const { t } = useTranslation('radio');
  const now = useStationNow(song.startedAt);
  const length = (song.endsAt - song.startedAt) / 1000;
  const at = Math.min(length, Math.max(0, (now - song.startedAt) / 1000));
  const [elapsed, total] = [formatSeconds(at), formatSeconds(length)];
  return (
    <div className="lcd-row lcd-time">
      <time className="led">{elapsed}</time>
      <SegBar
        part={at / length}
        label={t('progress.label')}
        text={t('progress.value', { elapsed, total })}
      />
      <time className="led">{total}</time>
    </div>
  );
}
