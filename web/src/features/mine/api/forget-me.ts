import { useMutation, useQueryClient } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { ApiError } from '@/lib/api/api-error';
import { request, session } from '@/lib/api/client';
import { notify } from '@/lib/notices';

export const forgetMe = (): Promise<{ forgotten: true }> =>
  request('/sessions/me', { method: 'DELETE', schema: z.object({ forgotten: z.literal(true) }) });

/** Takes likes and comments back, and starts over as somebody new. */
export function useForgetMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: forgetMe,
    onSuccess: () => {
      session.renew();
      notify('You are forgotten. Whatever you like from now on is somebody new’s.', 'heart');
      return client.invalidateQueries();
    },
    onError: (error) =>
      notify(
        error instanceof ApiError
          ? error.message
          : 'The station did not answer. Nothing was forgotten.',
      ),
  });
}
