import { HeartLine } from '@/components/drawn-icons';

/** The centre key while nothing is on air. */
export const IdleHeartKey = () => (
  <button
    type="button"
    className="jewel"
    aria-pressed="false"
    aria-label="Like: nothing is on air"
    disabled
  >
    <HeartLine className="off" aria-hidden="true" />
  </button>
);
