import type { Page } from '@playwright/test';

/*
 * Stand-ins for the players of YouTube and Vimeo, as there is no such site where tests run. They take the messages that
 * the real ones take and tell what the real ones tell; instead of a film they show the second they are at.
 */

/** An id that the stand-in of YouTube does not show on other sites. */
export const REFUSED_ID = 'notEmbedded';

/** What both have in common: a film that needs a moment to start and to seek. Runs in the frame. */
const FILM = `
  const film = { state: 'cued', time: 0, at: 0, muted: false, volume: 1, loads: 1 };
  const said = [];
  const now = () => performance.now() / 1000;
  const time = () => film.state === 'playing' ? film.time + now() - film.at : film.time;
  const become = (state) => { film.time = time(); film.at = now(); film.state = state; tell(); };
  const later = (run) => setTimeout(run, 250);
  const play = () => { if (film.state === 'playing') return; become('waiting'); later(() => become('playing')); };
  const pause = () => become('paused');
  const seek = (to) => { become('waiting'); film.time = to; later(() => become('playing')); };
  setInterval(() => {
    document.querySelector('#time').textContent = time().toFixed(2);
    document.body.dataset.muted = film.muted;
    document.body.dataset.state = film.state;
  }, 50);
  addEventListener('message', ({ data }) => hear(JSON.parse(data)));
`;

const YOUTUBE = `
  const STATES = { cued: 5, waiting: 3, playing: 1, paused: 2 };
  const post = (message) => parent.postMessage(JSON.stringify({ id: 1, channel: 'widget', ...message }), '*');
  const info = () => ({ playerState: STATES[film.state], currentTime: time(), duration: DURATION, muted: film.muted });
  let listening = false;
  const tell = () => { if (listening) post({ event: 'infoDelivery', info: info() }); };
  const COMMANDS = {
    playVideo: play, pauseVideo: pause, seekTo: seek,
    mute: () => { film.muted = true; }, unMute: () => { film.muted = false; },
    setVolume: (to) => { film.volume = to / 100; },
  };
  const hear = ({ event, func, args }) => {
    if (event === 'listening' && !listening) {
      listening = true;
      post({ event: 'initialDelivery', info: info() });
      if (location.pathname.endsWith('${REFUSED_ID}')) post({ event: 'onError', info: 150 });
      setInterval(tell, 250);
    }
    if (event === 'command') COMMANDS[func]?.(...args);
  };
`;

const VIMEO = `
  const EVENTS = { waiting: 'bufferstart', playing: 'playing', paused: 'pause' };
  const wanted = new Set();
  const post = (message) => parent.postMessage(JSON.stringify(message), '*');
  const say = (event) => { if (wanted.has(event)) post({ event, data: { seconds: time(), duration: DURATION } }); };
  const tell = () => say(EVENTS[film.state]);
  const METHODS = {
    play, pause, setCurrentTime: seek,
    setMuted: (to) => { film.muted = to; }, setVolume: (to) => { film.volume = to; },
    addEventListener: (event) => wanted.add(event),
    getDuration: () => post({ method: 'getDuration', value: DURATION }),
  };
  const hear = ({ method, value }) => METHODS[method]?.(value);
  setInterval(() => { if (film.state === 'playing') say('timeupdate'); }, 250);
`;

const page = (name: string, talk: string, seconds: number): string => `<!doctype html>
  <title>${name}, a stand-in</title>
  <body style="margin:0;display:grid;place-items:center;height:100vh;background:#3a1c71;color:#fff;font:24px sans-serif">
  <p>${name} (stand-in) <b id="time"></b></p>
  <script>const DURATION = ${seconds};${FILM}${talk}</script>`;

/** Puts the stand-ins where the sites would be. Returns the addresses that were opened. */
export async function standInForSites(target: Page, seconds: number): Promise<string[]> {
  const opened: string[] = [];
  const answer = (at: string, name: string, talk: string) =>
    target.route(at, async (route) => {
      opened.push(route.request().url());
      await route.fulfill({ contentType: 'text/html', body: page(name, talk, seconds) });
    });
  await answer('https://www.youtube-nocookie.com/embed/**', 'YouTube', YOUTUBE);
  await answer('https://player.vimeo.com/video/**', 'Vimeo', VIMEO);
  return opened;
}
