import { useEffect } from 'react';
import { useNavigate } from 'react-router';

/** How much one press of an arrow changes the volume. */
const STEP = 0.1;

export interface KeyTargets {
  joined: boolean;
  sound: { volume: number; muted: boolean };
  setSound: (sound: { volume: number; muted: boolean }) => void;
  join: () => void;
  /** The radio's own page: elsewhere, the space bar scrolls. */
  onRadio: boolean;
}

const TYPES_HERE = 'input, textarea, select, video, audio, iframe, [contenteditable="true"]';
const PRESSES_ITSELF = 'button, a, summary, [role="button"]';

const clamped = (volume: number): number => Math.min(1, Math.max(0, Math.round(volume * 10) / 10));

/**
 * The keyboard: space joins and then turns the sound on and off, left and right change the volume, L, C and S press the
 * key that says so by `aria-keyshortcuts` (whatever is disabled or not on the page does nothing), ? shows them all.
 * Nothing happens while somebody types, nor together with Ctrl, Alt or the system's key.
 */
export function useKeys({ joined, sound, setSound, join, onRadio }: KeyTargets): void {
  const navigate = useNavigate();
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
      const at = event.target instanceof Element ? event.target : document.body;
      if (at.closest(TYPES_HERE) !== null) return;
      const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
      switch (key) {
        case ' ':
          if (!onRadio || event.repeat || at.closest(PRESSES_ITSELF) !== null) return;
          if (joined) setSound({ ...sound, muted: !sound.muted });
          else join();
          break;
        case 'ArrowLeft':
        case 'ArrowRight': {
          if (!joined) return;
          const volume = clamped(sound.volume + (key === 'ArrowRight' ? STEP : -STEP));
          setSound({ volume, muted: volume === 0 });
          break;
        }
        case 'L':
        case 'C':
        case 'S': {
          const target = document.querySelector<HTMLElement>(`[aria-keyshortcuts="${key}"]`);
          if (target === null || event.repeat) return;
          // A press leaves the focus where it is; only what one types into takes it.
          if (target instanceof HTMLButtonElement) target.click();
          else target.focus();
          break;
        }
        case '?':
          void navigate('/about#keys');
          break;
        default:
          return;
      }
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [joined, sound, setSound, join, onRadio, navigate]);
}
