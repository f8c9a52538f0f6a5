import { CommentsWindow } from '@/features/comments/components/comments-window';
import { formatAgo } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { TargetType } from '@/lib/schemas/comment';
import { useStationClock } from '@/lib/station-clock';

/** Comments away from the radio: how long ago each was made. */
export function AgoComments({ type, id }: { type: TargetType; id: string }) {
  const clock = useStationClock();
  const { t } = useTranslation('comments');
  return (
    <CommentsWindow
      target={{ type, id }}
      title={t('title')}
      placeholder={t(`placeholder.${type}`)}
      empty={t(`empty.${type}`)}
      when={({ createdAt }) => formatAgo(createdAt, clock.now())}
    />
  );
}
