import { isUuid } from '@/lib/uuid';

const NAME = 'session';

/**
 * The address that carries a session to another device. It stands in the fragment, which browsers keep to themselves: no
 * server, proxy or log ever sees it.
 */
export const carryLink = (origin: string, sessionId: string): string =>
  `${origin}/mine#${NAME}=${sessionId}`;

/** The session that an address carries; null when it carries none. */
export function carriedSession(hash: string): string | null {
  const id = new URLSearchParams(hash.replace(/^#/, '')).get(NAME);
  return id !== null && isUuid(id) ? id.toLowerCase() : null;
}
