import { fileURLToPath, URL } from 'node:url';
import react from '@vitejs/plugin-react';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';
import { manifest } from './icons/manifest.ts';

/** Where `npm run dev` finds a station: a real one, or the fake of dev/fake-station.mjs. */
const station = process.env.POPRADIO_URL ?? 'http://127.0.0.1:8090';

const page = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const toStation = { target: station, changeOrigin: false };

/**
 * Two builds, because two entries of one would share by chunks, and a first visit would fetch twenty of them: the app,
 * and with `--mode embed` the small player for other sites' frames.
 */
export default defineConfig(({ mode }) => ({
  plugins: [
    react(),
    VitePWA({
      disable: mode === 'embed',
      strategies: 'injectManifest',
      srcDir: 'src/sw',
      filename: 'sw.ts',
      injectRegister: false, // src/lib/updates.ts does it, after the page is there
      manifest,
      includeManifestIcons: false, // the system has them once it has the app
      injectManifest: {
        // The shell, with the letters that every page needs; of the other scripts, what the browser keeps by itself will do.
        globPatterns: [
          'index.html',
          'assets/*.{js,css,svg}',
          'assets/*-latin-*.woff2',
          'favicon.svg',
        ],
        // Nor are the players that few songs need.
        globIgnores: ['**/*-latin-ext-*', 'assets/hls*', 'assets/site-player-*'],
        // What Vite names after its content needs no revision beside its name.
        dontCacheBustURLsMatching: /^assets\/.+-[\w-]{8,}\.\w+$/,
      },
    }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/v1': toStation, '/api': toStation, '/docs': toStation } },
  preview: { proxy: { '/v1': toStation, '/api': toStation, '/docs': toStation } },
  build: {
    // The station's Content-Security-Policy allows no data: fonts and no inline anything.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    emptyOutDir: mode !== 'embed',
    rollupOptions: {
      // main.tsx is an entry of its own, though boot.ts asks for it: what all its pages share then stays with it.
      input: mode === 'embed' ? page('embed.html') : [page('index.html'), page('src/main.tsx')],
      output: {
        codeSplitting: {
          groups: [
            // What every visit starts with, in two files: each is unpacked while the other is still on its way.
            {
              name: 'boot',
              test: /src\/(boot|lib\/theme|lib\/storage)\.ts|preload-helper|index\.html|\.css$/,
              priority: 2,
            },
            { name: 'library', tags: ['$initial'], test: /node_modules|rolldown/, priority: 1 },
            { name: 'app', tags: ['$initial'] },
          ],
        },
      },
    },
  },
  test: {
    testTimeout: 20_000,
    restoreMocks: true,
    // Logic needs no document, and a document costs more than most of these tests.
    projects: [
      {
        extends: true,
        test: {
          name: 'logic',
          include: ['src/**/*.test.ts', 'dev/**/*.test.mjs'],
          environment: 'node',
        },
      },
      {
        extends: true,
        test: {
          name: 'screens',
          include: ['src/**/*.test.tsx'],
          environment: 'jsdom',
          setupFiles: ['src/testing/setup.ts'],
        },
      },
    ],
  },
}));
