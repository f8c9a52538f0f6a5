import { NavLink } from 'react-router';
import { Toasts } from '@/components/toasts';
import { PAGES } from '../pages';

/** The lower edge of a phone: sentences, room for the shut phone, and the tabs. */
export function Dock({ away }: { away: boolean }) {
  return (
    <div className="dock">
      <Toasts />
      {away && <div className="mini-room" />}
      <nav className="tabs" aria-label="Pages">
        {PAGES.map(({ to, label, Icon }) => (
          <NavLink key={to} to={to} end={to === '/'}>
            <Icon className="i" aria-hidden="true" />
            {label}
          </NavLink>
        ))}
      </nav>
    </div>
  );
}
