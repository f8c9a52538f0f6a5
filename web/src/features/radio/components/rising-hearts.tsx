import { HeartBig } from '@/components/drawn-icons';
import { vars } from '@/lib/css-vars';
import { useRisingHearts } from '../hooks/use-rising-hearts';

interface RisingHeartsProps {
  songId: string | null;
  likes: number;
}

/** Likes of everybody, rising at the edge of the picture. They never cover its middle. */
export function RisingHearts({ songId, likes }: RisingHeartsProps) {
  const { hearts, gone } = useRisingHearts(songId, likes);
  return (
    <div className="hearts" aria-hidden="true">
      {hearts.map(({ id, leftPx, delayMs, tint }) => (
        <HeartBig
          key={id}
          data-tint={tint}
          style={vars({ '--left': `${leftPx}px`, '--delay': `${delayMs}ms` })}
          onAnimationEnd={() => gone(id)}
        />
      ))}
    </div>
  );
}
