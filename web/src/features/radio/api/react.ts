import { useMutation } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { request } from '@/lib/api/client';
import { refusalOf } from '@/lib/error-sentence';
import { type Reaction, reactionSchema } from '@/lib/events/station-event';
import { t } from '@/lib/i18n/i18n';
import { notify } from '@/lib/notices';
import { objectId } from '@/lib/schemas/song';

const takenSchema = z.object({ songId: objectId, reaction: reactionSchema });

export const sendReaction = (reaction: Reaction): Promise<z.output<typeof takenSchema>> =>
  request('/radio/reactions', { method: 'POST', body: { reaction }, schema: takenSchema });

/** Reacts to the song on the air. It is seen when it comes back with everybody's. */
export function useReact(): (reaction: Reaction) => void {
  const { mutate } = useMutation({
    mutationFn: sendReaction,
    networkMode: 'always', // of the moment: it must not leave an hour later
    onError: (error) => notify(refusalOf(error) ?? t('radio:react.unsent'), 'info'),
  });
  return mutate;
}
