import { memo } from 'react';
import { Link, NavLink } from 'react-router';
import { ListenersChip } from '@/components/listeners-chip';
import { ThemeKey } from '@/components/theme-key';
import { Wordmark } from '@/components/wordmark';
import { useTranslation } from '@/lib/i18n/use-translation';
import { PAGES } from '../pages';

interface HeaderProps {
  listeners: number | null;
  alone: boolean;
}

export const Header = memo(function Header({ listeners, alone }: HeaderProps) {
  const { t } = useTranslation('shell');
  return (
    <header className="bar">
      <Link className="word" to="/" aria-label="PopRadio">
        <Wordmark />
      </Link>
      <nav aria-label={t('pages.label')}>
        {PAGES.map(({ to, name }) => (
          <NavLink key={to} to={to} end={to === '/'}>
            {t(`pages.${name}`)}
          </NavLink>
        ))}
      </nav>
      <ListenersChip listeners={listeners} alone={alone} />
      <ThemeKey />
    </header>
  );
});
