import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from '@/lib/i18n/use-translation';
import type { ReadPhrase } from '../lib/pass-phrase';

type Problem = Exclude<ReadPhrase, { ok: true }>;

/** Reads the words of another device. Who they are is asked and confirmed elsewhere, before anything changes. */
export function CarryHere({ onSession }: { onSession: (sessionId: string) => void }) {
  const { t } = useTranslation('carry');
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const fieldId = useId();
  const problemId = useId();
  const read = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { readPhrase } = await import('../lib/pass-phrase');
    const phrase = readPhrase(typed);
    if (phrase.ok) {
      setProblem(null);
      setTyped('');
      onSession(phrase.sessionId);
    } else {
      setProblem(phrase);
    }
  };
  return (
    <form className="stack" onSubmit={(event) => void read(event)} autoComplete="off">
      <h3 className="name">{t('here.title')}</h3>
      <p id={problemId}>{t('here.text')}</p>
      <label className="vh" htmlFor={fieldId}>
        {t('here.field')}
      </label>
      <textarea
        id={fieldId}
        className="words"
        rows={3}
        dir="ltr"
        lang="en"
        spellCheck={false}
        autoCapitalize="none"
        value={typed}
        aria-describedby={problemId}
        aria-invalid={problem !== null}
        onChange={(event) => setTyped(event.target.value)}
      />
      {problem !== null && (
        <p className="caution" role="alert">
          {problem.problem === 'words' && t('here.wordsCount', { count: problem.count })}
          {problem.problem === 'unknown' && t('here.unknown', { word: problem.word })}
          {problem.problem === 'checksum' && t('here.checksum')}
        </p>
      )}
      <button type="submit" className="gel gel--clear" disabled={typed.trim() === ''}>
        {t('here.take')}
      </button>
    </form>
  );
}
