import { useState } from 'react';
import { useForgetMe } from '../api/forget-me';

/** Asks once, in place: what is forgotten does not come back. */
export function ForgetMeKey() {
  const [asked, setAsked] = useState(false);
  const { mutate, isPending } = useForgetMe();
  if (!asked) {
    return (
      <button type="button" className="gel gel--clear" onClick={() => setAsked(true)}>
        Forget me
      </button>
    );
  }
  return (
    <div className="ask" role="group" aria-label="Forget me?">
      <p>Your hearts are taken back and your comments deleted, for good.</p>
      <button
        type="button"
        className="gel"
        aria-busy={isPending}
        onClick={() => mutate(undefined, { onSettled: () => setAsked(false) })}
      >
        Forget me
      </button>
      <button type="button" className="gel gel--clear" onClick={() => setAsked(false)}>
        Keep me
      </button>
    </div>
  );
}
