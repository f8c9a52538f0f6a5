import { CommentsWindow } from '@/features/comments/components/comments-window';
import { formatAgo } from '@/lib/format';
import type { TargetType } from '@/lib/schemas/comment';
import { useStationClock } from '@/lib/station-clock';

/** Comments away from the radio: how long ago each was made. */
export function AgoComments({ type, id }: { type: TargetType; id: string }) {
  const clock = useStationClock();
  const what = type === 'song' ? 'this song' : 'this list';
  return (
    <CommentsWindow
      target={{ type, id }}
      title="Comments"
      placeholder={`Say something about ${what}`}
      empty={`Nobody has said anything about ${what} yet.`}
      when={({ createdAt }) => formatAgo(createdAt, clock.now())}
    />
  );
}
