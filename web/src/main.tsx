import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { startLanguage } from './lib/i18n/start-language';
import { startTheme } from './lib/theme';
import { startUpdates } from './lib/updates';
import './styles/index.css';

/** On a slow line the page rather comes in English first than not at all. */
const WORDS_WAIT_MS = 3_000;

startTheme();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
await Promise.race([
  startLanguage(),
  new Promise((resolve) => {
    setTimeout(resolve, WORDS_WAIT_MS);
  }),
]);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
startUpdates();
