import { createContext, type ReactNode, use, useEffect } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { Flavour } from '@/lib/flavour';

/** Where the plastic of the page takes what belongs to the page. */
export interface LidPlace {
  slot: HTMLElement | null;
  setFlavour: (flavour: Flavour | null) => void;
}

const LidContext = createContext<LidPlace>({ slot: null, setFlavour: () => undefined });
export const LidProvider = LidContext.Provider;

interface LidProps {
  children: ReactNode;
  className?: string;
  /** The flavour of what the page shows; without one, the lid keeps the song's. */
  flavour?: Flavour | null;
}

/** The upper part of a page away from the radio: title and what is pressed there, on the plastic below the bar. */
export function Lid({ children, className = '', flavour = null }: LidProps) {
  const { t } = useTranslation('shell');
  const { slot, setFlavour } = use(LidContext);
  useEffect(() => {
    setFlavour(flavour);
    return () => setFlavour(null);
  }, [setFlavour, flavour]);
  if (slot === null) return null;
  return createPortal(
    <section
      className={`lid-in ${className}`}
      data-flavour={flavour ?? undefined}
      aria-label={t('aboutThisPage')}
    >
      {children}
    </section>,
    slot,
  );
}
