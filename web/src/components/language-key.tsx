import { Languages } from 'pixelarticons/react/Languages.js';
import { currentLanguage } from '@/lib/i18n/i18n';
import { isLanguage, LANGUAGE_CODES, LANGUAGES } from '@/lib/i18n/languages';
import { chooseLanguage } from '@/lib/i18n/start-language';
import { useTranslation } from '@/lib/i18n/use-translation';
import { notify } from '@/lib/notices';

/** Every language under the name it gives itself: whoever cannot read the page finds the own one. */
export function LanguageKey() {
  const { t } = useTranslation('shell');
  const choose = async (code: string): Promise<void> => {
    if (isLanguage(code) && !(await chooseLanguage(code))) notify(t('language.failed'));
  };
  return (
    <label className="tongue">
      <Languages className="i" aria-hidden="true" />
      <span className="vh">{t('language.label')}</span>
      <select value={currentLanguage()} onChange={(event) => void choose(event.target.value)}>
        {LANGUAGE_CODES.map((code) => (
          <option key={code} value={code} lang={code}>
            {LANGUAGES[code].name}
          </option>
        ))}
      </select>
    </label>
  );
}
