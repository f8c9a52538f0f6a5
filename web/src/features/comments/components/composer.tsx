import { Send } from 'pixelarticons/react/Send.js';
import { type FormEvent, useId, useState } from 'react';
import { refusalOf } from '@/lib/error-sentence';
import { formatCount } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { CommentTarget } from '../api/get-comments';
import { usePostComment } from '../api/post-comment';
import { LONGEST_COMMENT, lengthOf } from '../lib/draft';

/** The count of letters is shown from here on. */
const NEAR_THE_END = 420;

interface ComposerProps {
  target: CommentTarget;
  placeholder: string;
  /** The moment of the song that a line sent now is about. */
  atMs?: (() => number) | undefined;
}

/** One field and one key. What the station refuses stays in the field, with the reason below it. */
export function Composer({ target, placeholder, atMs }: ComposerProps) {
  const { t } = useTranslation('comments');
  const [text, setText] = useState('');
  const { mutate, isPending, error, reset } = usePostComment(target);
  const problemId = useId();
  const length = lengthOf(text);
  const tooLong = length > LONGEST_COMMENT;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (length === 0 || tooLong || isPending) return;
    mutate({ text, atMs: atMs?.() }, { onSuccess: () => setText('') });
  };
  const problem = tooLong
    ? t('tooLong', { count: length, most: LONGEST_COMMENT })
    : error === null
      ? null
      : (refusalOf(error) ?? t('unsent'));

  return (
    <form className="say" onSubmit={submit}>
      <label className="field">
        <span className="vh">{t('label')}</span>
        <input
          value={text}
          placeholder={placeholder}
          dir={text === '' ? undefined : 'auto'}
          autoComplete="off"
          enterKeyHint="send"
          aria-keyshortcuts="C"
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : problemId}
          onChange={(event) => {
            setText(event.target.value);
            if (error !== null) reset();
          }}
        />
        {length >= NEAR_THE_END && (
          <span className="led" aria-hidden="true">
            {formatCount(LONGEST_COMMENT - length)}
          </span>
        )}
      </label>
      <button type="submit" className="gel gel--icon" aria-label={t('send')} aria-busy={isPending}>
        <Send className="i mirrors" aria-hidden="true" />
      </button>
      {problem !== null && (
        <p className="problem" id={problemId} role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
