import { Moon } from 'pixelarticons/react/Moon.js';
import { Sun } from 'pixelarticons/react/Sun.js';
import { useTranslation } from '@/lib/i18n/use-translation';
import { chooseTheme } from '@/lib/theme';
import { useTheme } from '@/lib/use-theme';

/** Day and night. */
export function ThemeKey() {
  const { t } = useTranslation('shell');
  const other = useTheme() === 'midnight' ? 'bubblegum' : 'midnight';
  const Icon = other === 'bubblegum' ? Sun : Moon;
  return (
    <button
      type="button"
      className="ghost theme"
      aria-label={t(`theme.${other}`)}
      onClick={() => chooseTheme(other)}
    >
      <Icon className="i" aria-hidden="true" />
    </button>
  );
}
