import { HeartBig } from '@/components/drawn-icons';
import { PixelPicture } from '@/components/pixel-picture';
import { vars } from '@/lib/css-vars';
import { type Reaction, REACTIONS } from '@/lib/events/station-event';
import { formatCount } from '@/lib/format';
import { useRising } from '../hooks/use-rising';
import { PICTURES } from '../lib/reactions';

interface RisingProps {
  songId: string | null;
  likes: number;
}

const picture = (kind: Reaction) => <PixelPicture rows={PICTURES[kind]} />;

/**
 * Likes and reactions of everybody, rising at the edge of the picture. They never cover its middle. Where nothing may
 * move, they are counted instead.
 */
export function Rising({ songId, likes }: RisingProps) {
  const { risers, gone, tally } = useRising(songId, likes);
  return (
    <>
      <div className="hearts" aria-hidden="true">
        {risers.map(({ id, kind, leftPx, delayMs, tint }) => (
          <span
            key={id}
            className="riser"
            data-tint={tint}
            data-kind={kind}
            style={vars({ '--left': `${leftPx}px`, '--delay': `${delayMs}ms` })}
            onAnimationEnd={() => gone(id)}
          >
            {kind === 'heart' ? <HeartBig /> : picture(kind)}
          </span>
        ))}
      </div>
      <p className="tally" aria-hidden="true">
        {REACTIONS.map((kind) => {
          const count = tally[kind];
          return count === undefined ? null : (
            <span key={kind} className="led">
              {picture(kind)}
              {formatCount(count)}
            </span>
          );
        })}
      </p>
    </>
  );
}
