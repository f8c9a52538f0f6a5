import { useQuery } from '@tanstack/react-query';
import { memo } from 'react';
import { Link } from 'react-router';
import { DataSaverKey } from '@/components/data-saver-key';
import { LanguageKey } from '@/components/language-key';
import { songCountOptions } from '@/features/songs/api/get-songs';
import { useTranslation } from '@/lib/i18n/use-translation';

/** The lower edge of every page: how much there is, and where else one can go. */
export const Footer = memo(function Footer() {
  const { t } = useTranslation(['more', 'common']);
  const { data } = useQuery(songCountOptions());
  return (
    <footer className="foot">
      <span className="led">{data === undefined ? '' : t('common:songs', { count: data })}</span>
      <nav className="foot-links" aria-label={t('more:label')}>
        <Link to="/history">{t('more:history')}</Link>
        <Link to="/playlists/featured">{t('more:featured')}</Link>
        <Link to="/about">{t('more:about')}</Link>
        <a href="/docs">{t('more:api')}</a>
        <Link to="/about#qr">{t('more:qr')}</Link>
      </nav>
      <DataSaverKey />
      <LanguageKey />
    </footer>
  );
});
