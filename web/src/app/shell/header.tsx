import { Link, NavLink } from 'react-router';
import { ListenersChip } from '@/components/listeners-chip';
import { ThemeKey } from '@/components/theme-key';
import { Wordmark } from '@/components/wordmark';
import { PAGES } from '../pages';

interface HeaderProps {
  listeners: number | null;
  alone: boolean;
}

export function Header({ listeners, alone }: HeaderProps) {
  return (
    <header className="bar">
      <Link className="word" to="/" aria-label="PopRadio">
        <Wordmark />
      </Link>
      <nav aria-label="Pages">
        {PAGES.map(({ to, label }) => (
          <NavLink key={to} to={to} end={to === '/'}>
            {label}
          </NavLink>
        ))}
      </nav>
      <ListenersChip listeners={listeners} alone={alone} />
      <ThemeKey />
    </header>
  );
}
