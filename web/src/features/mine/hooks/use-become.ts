import { useQueryClient } from '@tanstack/react-query';
import { session } from '@/lib/api/client';
import { forgetKeptLikes } from '@/lib/kept-likes';
import { device } from '@/lib/storage';

/** Goes on as another session: everything that is about the listener is asked for again. */
export function useBecome(): (sessionId: string) => Promise<void> {
  const client = useQueryClient();
  return async (sessionId) => {
    session.become(sessionId);
    forgetKeptLikes(device);
    await client.invalidateQueries();
  };
}
