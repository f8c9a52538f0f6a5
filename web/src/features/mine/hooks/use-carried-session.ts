import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { carriedSession } from '../lib/carry-link';

/**
 * The session that the address carried here, if any. It is taken out of the address at once, so that it stays in no
 * history, bookmark or picture of the screen, and waits for the person to say yes.
 */
export function useCarriedSession(): [string | null, (sessionId: string | null) => void] {
  const { hash, pathname, search } = useLocation();
  const navigate = useNavigate();
  const carried = carriedSession(hash);
  const [waiting, setWaiting] = useState(carried);
  if (carried !== null && carried !== waiting) setWaiting(carried);
  useEffect(() => {
    if (carried !== null) void navigate(pathname + search, { replace: true });
  }, [carried, navigate, pathname, search]);
  return [waiting, setWaiting];
}
