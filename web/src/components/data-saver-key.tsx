import { Headphone } from 'pixelarticons/react/Headphone.js';
import { saveData, useDataSaver } from '@/lib/data-saver';
import { useTranslation } from '@/lib/i18n/use-translation';

/** Sound alone, for a line that is dear. */
export function DataSaverKey() {
  const { t } = useTranslation('shell');
  const on = useDataSaver();
  return (
    <button type="button" className="foot-key" aria-pressed={on} onClick={() => saveData(!on)}>
      <Headphone className="i" aria-hidden="true" />
      {t('dataSaver')}
    </button>
  );
}
