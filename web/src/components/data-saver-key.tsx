import { Headphone } from 'pixelarticons/react/Headphone.js';
import { useTranslation } from 'react-i18next';
import { saveData, useDataSaver } from '@/lib/data-saver';

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
