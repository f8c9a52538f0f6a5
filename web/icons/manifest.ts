import type { ManifestOptions } from 'vite-plugin-pwa';

/** How the station looks on a home screen. The colours are `--f-hi` and `--ground` of tokens.css, by day. */
export const manifest: Partial<ManifestOptions> = {
  id: '/',
  name: 'PopRadio',
  short_name: 'PopRadio',
  description: 'A music video station: everybody sees the same song at the same second.',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  theme_color: '#ffd0e6',
  background_color: '#ffeff6',
  categories: ['music', 'entertainment'],
  icons: [
    { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
  shortcuts: [
    { name: 'Songs', url: '/songs' },
    { name: 'Mine', url: '/mine' },
    { name: 'History', url: '/history' },
  ],
};
