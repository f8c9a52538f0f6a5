import {
  createContext,
  type ReactNode,
  startTransition,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from 'react';
import { createPortal } from 'react-dom';
import { takeDownFirstPaint } from '@/lib/first-paint';
import type { Flavour } from '@/lib/flavour';
import { useTranslation } from '@/lib/i18n/use-translation';

/** Where the plastic of the page takes what belongs to the page. */
interface LidPlace {
  slot: HTMLElement | null;
  setFlavour: (flavour: Flavour | null) => void;
}

const LidContext = createContext<LidPlace>({ slot: null, setFlavour: () => undefined });
const LidSlotContext = createContext<(slot: HTMLElement | null) => void>(() => undefined);

interface LidProviderProps {
  /** Told the flavour that the page gives the plastic; null: the song's. Must stay the same function. */
  onFlavour: (flavour: Flavour | null) => void;
  children: ReactNode;
}

/** Knows where the plastic is. What is drawn in between is not drawn again when that becomes known. */
export function LidProvider({ onFlavour, children }: LidProviderProps) {
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const place = useMemo<LidPlace>(() => ({ slot, setFlavour: onFlavour }), [slot, onFlavour]);
  return (
    <LidSlotContext value={setSlot}>
      <LidContext value={place}>{children}</LidContext>
    </LidSlotContext>
  );
}

/** The place itself, on the plastic. */
export function LidSlot() {
  const setSlot = use(LidSlotContext);
  return (
    <div
      className="lid-slot"
      ref={useCallback(
        (slot: HTMLElement | null) => startTransition(() => setSlot(slot)),
        [setSlot],
      )}
    />
  );
}

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
  useEffect(() => {
    if (slot !== null) takeDownFirstPaint();
  }, [slot]);
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
