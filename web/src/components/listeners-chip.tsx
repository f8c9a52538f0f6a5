import { Users } from 'pixelarticons/react/Users.js';
import { formatCount } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';

interface ListenersChipProps {
  /** Null while it is not known. */
  listeners: number | null;
  alone: boolean;
}

/** Foil: all of us. Cut off from the others it is plain, and says so. */
export function ListenersChip({ listeners, alone }: ListenersChipProps) {
  const { t } = useTranslation('shell');
  if (alone) {
    return (
      <span className="foil foil--alone">
        <span className="led">{t('alone')}</span>
      </span>
    );
  }
  return (
    <span className="foil">
      <i className="dot" aria-hidden="true" />
      <span className="led">
        {listeners === null ? '–' : formatCount(listeners)}
        <span className="vh"> {t('listening')}</span>
      </span>
      <Users className="i" aria-hidden="true" />
    </span>
  );
}
