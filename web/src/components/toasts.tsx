import { Clock } from 'pixelarticons/react/Clock.js';
import { InfoBox } from 'pixelarticons/react/InfoBox.js';
import { dismissNotice, type Notice, useNotices } from '@/lib/notices';
import { HeartFull } from './drawn-icons';

const ICONS = { heart: HeartFull, clock: Clock, info: InfoBox } satisfies Record<
  Notice['icon'],
  unknown
>;

/** Sentences that leave by themselves; a press sends them off. */
export function Toasts() {
  const notices = useNotices();
  return (
    <div className="toasts" role="status">
      {notices.map(({ id, text, icon }) => {
        const Icon = ICONS[icon];
        return (
          <button key={id} type="button" className="toast" onClick={() => dismissNotice(id)}>
            <Icon className="i" aria-hidden="true" />
            <span>{text}</span>
          </button>
        );
      })}
    </div>
  );
}
