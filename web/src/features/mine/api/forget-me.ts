import { useMutation, useQueryClient } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { request, session } from '@/lib/api/client';
import { refusalOf } from '@/lib/error-sentence';
import { t } from '@/lib/i18n/i18n';
import { forgetKeptLikes } from '@/lib/kept-likes';
import { notify } from '@/lib/notices';
import { device } from '@/lib/storage';

export const forgetMe = (): Promise<{ forgotten: true }> =>
  request('/sessions/me', { method: 'DELETE', schema: z.object({ forgotten: z.literal(true) }) });

/** Takes likes and comments back, and starts over as somebody new. */
export function useForgetMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: forgetMe,
    onSuccess: () => {
      session.renew();
      forgetKeptLikes(device);
      notify(t('mine:forget.done'), 'heart');
      return client.invalidateQueries();
    },
    onError: (error) => notify(refusalOf(error) ?? t('mine:forget.failed')),
  });
}
