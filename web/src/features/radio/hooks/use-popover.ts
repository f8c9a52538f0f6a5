import { type RefObject, useEffect, useRef, useState } from 'react';

/** A small thing that opens from a key: Escape, a press elsewhere, or leaving it with the keyboard closes it. */
export function usePopover(): {
  open: boolean;
  toggle: () => void;
  close: () => void;
  /** Goes around key and popover together. */
  box: RefObject<HTMLDivElement | null>;
} {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: Event): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true)
        setOpen(false);
    };
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      box.current?.querySelector('button')?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', escape);
    };
  }, [open]);
  return { open, toggle: () => setOpen((is) => !is), close: () => setOpen(false), box };
}
