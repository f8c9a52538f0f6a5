import { useTranslation } from '@/lib/i18n/use-translation';
import type { Comment } from '@/lib/schemas/comment';
import { Face } from './face';

interface CommentLineProps {
  comment: Comment;
  /** When it was said, as this list tells time. */
  when: string;
}

export function CommentLine({ comment, when }: CommentLineProps) {
  const { t } = useTranslation('comments');
  return (
    <li>
      <Face name={comment.author} />
      <div>
        <p className="who">
          <span className="cut" dir="auto">
            {comment.author}
          </span>
          {comment.isMine && <span className="me">{t('you')}</span>}
          <time className="led" dateTime={new Date(comment.createdAt).toISOString()}>
            {when}
          </time>
        </p>
        <p className="text" dir="auto">
          {comment.text}
        </p>
      </div>
    </li>
  );
}
