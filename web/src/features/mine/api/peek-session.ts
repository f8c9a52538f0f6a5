import { queryOptions } from '@tanstack/react-query';
import { request } from '@/lib/api/client';
import { SESSION_HEADER } from '@/lib/session';
import { sessionSchema } from './get-my-session';

/** Who a session is, asked in its name, without becoming it. */
export const peekSessionOptions = (sessionId: string) =>
  queryOptions({
    queryKey: ['me', 'carried', sessionId],
    queryFn: ({ signal }) =>
      request('/sessions/me', {
        schema: sessionSchema,
        headers: { [SESSION_HEADER]: sessionId },
        signal,
      }),
    gcTime: 0,
  });
