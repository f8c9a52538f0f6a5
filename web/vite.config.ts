import { fileURLToPath, URL } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds a station: a real one, or the fake of dev/fake-station.mjs. */
const station = process.env.POPRADIO_URL ?? 'http://127.0.0.1:8090';

const toStation = { target: station, changeOrigin: false };

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/v1': toStation, '/api': toStation, '/docs': toStation } },
  preview: { proxy: { '/v1': toStation, '/api': toStation, '/docs': toStation } },
  build: {
    // The station's Content-Security-Policy allows no data: fonts and no inline anything.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  test: {
    restoreMocks: true,
    // Logic needs no document, and a document costs more than most of these tests.
    projects: [
      {
        extends: true,
        test: { name: 'logic', include: ['src/**/*.test.ts'], environment: 'node' },
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
});
