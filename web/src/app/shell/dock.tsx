import { memo } from 'react';
import { NavLink } from 'react-router';
import { Toasts } from '@/components/toasts';
import { UpdatePrompt } from '@/components/update-prompt';
import { useTranslation } from '@/lib/i18n/use-translation';
import { PAGES } from '../pages';

/** The lower edge of a phone: sentences, room for the shut phone, and the tabs. */
export const Dock = memo(function Dock({ away }: { away: boolean }) {
  const { t } = useTranslation('shell');
  return (
    <div className="dock">
      <UpdatePrompt />
      <Toasts />
      {away && <div className="mini-room" />}
      <nav className="tabs" aria-label={t('pages.label')}>
        {PAGES.map(({ to, name, Icon }) => (
          <NavLink key={to} to={to} end={to === '/'}>
            <Icon className={name === 'playlists' ? 'i mirrors' : 'i'} aria-hidden="true" />
            {t(`pages.${name}`)}
          </NavLink>
        ))}
      </nav>
    </div>
  );
});
