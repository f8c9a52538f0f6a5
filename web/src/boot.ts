import { startTheme } from './lib/theme';
import './styles/index.css';

/** However slow the cover, or hidden the page: the app comes. */
const LONGEST_WAIT_MS = 1_500;

let started = false;

/**
 * The station paints the first screen itself (src/api/pages.cc). Its style, letters and cover have the line for themselves;
 * the app, ten times their size, is asked for as soon as that screen is seen. Pages that are not painted wait for nothing else.
 */
function start(): void {
  if (started) return;
  started = true;
  void import('./main');
}

const whenSeen = (): number => requestAnimationFrame(() => setTimeout(start));

startTheme();
const painted = document.querySelector('#root > *, #first') !== null;
setTimeout(start, painted ? LONGEST_WAIT_MS : 0);
if (document.readyState === 'complete') whenSeen();
else window.addEventListener('load', whenSeen, { once: true });
