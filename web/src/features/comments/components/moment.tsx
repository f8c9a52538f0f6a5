import { useMoments } from '../hooks/use-moments';
import { Face } from './face';

interface MomentProps {
  songId: string;
  startedAt: number;
}

/** One line on the picture: what somebody says, or once said, at this second. The list has them all. */
export function Moment({ songId, startedAt }: MomentProps) {
  const line = useMoments(songId, startedAt);
  if (line === null) return null;
  return (
    <p className="moment" key={line._id} aria-hidden="true">
      <Face name={line.author} />
      <span className="cut" dir="auto">
        {line.text}
      </span>
    </p>
  );
}
