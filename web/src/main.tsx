import { startTransition, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { fetchAhead } from './app/router';
import { startLanguage } from './lib/i18n/start-language';
import { startUpdates } from './lib/updates';

/** On a slow line the page rather comes in English first than not at all. */
const WORDS_WAIT_MS = 3_000;

/** No `await` at the top: the words are a module that may need this one's. */
async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  fetchAhead(window.location.pathname);
  await Promise.race([
    startLanguage(),
    new Promise((resolve) => {
      setTimeout(resolve, WORDS_WAIT_MS);
    }),
  ]);
  // In slices: a tap during the first second is not kept waiting for all of it.
  startTransition(() => {
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
  });
  startUpdates();
}

void start();
