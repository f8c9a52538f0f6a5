import type { Comment } from '@/lib/schemas/comment';
import { Face } from './face';

interface CommentLineProps {
  comment: Comment;
  /** When it was said, as this list tells time. */
  when: string;
}

export function CommentLine({ comment, when }: CommentLineProps) {
  return (
    <li>
      <Face name={comment.author} />
      <div>
        <p className="who">
          <span className="cut">{comment.author}</span>
          {comment.isMine && <span className="me">you</span>}
          <time className="led" dateTime={new Date(comment.createdAt).toISOString()}>
            {when}
          </time>
        </p>
        <p className="text">{comment.text}</p>
      </div>
    </li>
  );
}
