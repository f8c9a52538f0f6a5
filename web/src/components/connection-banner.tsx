import { CellularSignal0 } from 'pixelarticons/react/CellularSignal0.js';
import { Clock } from 'pixelarticons/react/Clock.js';
import { type Connection, useConnection } from '@/lib/connection';
import { formatClock } from '@/lib/format';

interface Words {
  head: string;
  line: string;
}

function wordsFor(connection: Connection, plays: boolean): Words | null {
  const goesOn = plays ? 'The song plays on' : 'It comes back by itself';
  switch (connection.state) {
    case 'fine':
      return null;
    case 'offline':
      return { head: 'You are offline', line: `${goesOn}, hearts wait` };
    case 'unreachable':
      return { head: 'The station does not answer', line: `${goesOn}, we try again` };
    case 'busy':
      return { head: 'The station is busy', line: `${goesOn}, we try again` };
    case 'limit':
      return {
        head: 'Many questions from your network',
        line: `${goesOn}, news from ${formatClock(connection.untilMs + 59_000)}`,
      };
  }
}

interface ConnectionBannerProps {
  plays: boolean;
  onTry: () => void;
}

/** Calm trouble: what happened, what goes on, when it works again. It leaves by itself. */
export function ConnectionBanner({ plays, onTry }: ConnectionBannerProps) {
  const connection = useConnection();
  const words = wordsFor(connection, plays);
  const Icon =
    connection.state === 'limit' || connection.state === 'busy' ? Clock : CellularSignal0;
  return (
    <div className="banner-place" role="status">
      {words !== null && (
        <div className="banner">
          <Icon className="i" aria-hidden="true" />
          <p>
            <b>{words.head}</b>
            {words.line}
          </p>
          {connection.state !== 'limit' && (
            <button type="button" className="gel gel--clear" onClick={onTry}>
              Try now
            </button>
          )}
        </div>
      )}
    </div>
  );
}
