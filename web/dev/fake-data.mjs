/* What the FAKE station of fake-station.mjs has on its shelf. */
/** Title, artist, genre, and the name of its file in the demo's media. */
export const NAMES = [
  ['Heart-Shaped Satellite', 'Paper Orbit', 'Bubblegum', 'heart-shaped-satellite'],
  ['Für Elise, 16 Voices', 'Ringtone Club', 'Polyphonic', 'fur-elise'],
  ['Blue Raspberry', 'Soft Serve Unit', 'Bubblegum', 'blue-raspberry'],
  ['Butterfly Clip', 'Hi-Res Angels', 'Eurodance', 'butterfly-clip'],
  ['Greensleeves (Glitter Edit)', 'Kite Department', 'Folk, sampled', 'greensleeves'],
  ['Away Message', 'Moon Modem', 'Trip hop', 'away-message'],
  ['Low Battery Love Song', 'Ringtone Club', '2-step', 'low-battery-love-song'],
  ['Starfruit', 'Soft Serve Unit', 'City pop', 'starfruit'],
];
export const WHY = [
  ['featured', 'From the featured playlist Songs for a Window Seat.'],
  ['rotation', 'It was its turn: it has rested the longest.'],
  ['loved', 'Many of you like it.'],
  ['fresh', 'New on the shelf this week.'],
];
export const SAYINGS = [
  'the ring coming round on the second chorus. every time.',
  'hello from a night bus, one earbud each',
  'who put Greensleeves in the queue? respect',
  'three phones on this table, all on the same beat',
  'skip voters, look at the clouds first',
  'this one is for everyone with a charm on their phone 💕',
];
export const AUTHORS = [
  'Lilac Comet 42',
  'Mint Pager 07',
  'Cherry Modem 88',
  'Silver Koi 19',
  'Butter Comet 63',
  'Plum Antenna 30',
];

export const art = (n) => {
  const [a, b, c] = [
    ['#2f93f0', '#d9f3ff', '#ff4fa3'],
    ['#f7c948', '#fff1b8', '#ffffff'],
    ['#8fdcf5', '#c9f1ff', '#0b3cc0'],
    ['#ffc9e6', '#bdf0ff', '#ff4fa0'],
    ['#7fdc9a', '#cdf3c4', '#d81a78'],
    ['#0c1a44', '#2b4fa8', '#e8efff'],
    ['#191234', '#2a2150', '#7ff0ff'],
    ['#ff8a3c', '#ffc06a', '#fff2dd'],
  ][n % 8];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="${a}"/><stop offset="1" stop-color="${b}"/></linearGradient></defs><rect width="96" height="96" fill="url(#g)"/><path d="M48 78 20 50a18 18 0 0 1 28-22 18 18 0 0 1 28 22z" fill="${c}"/><circle cx="36" cy="38" r="6" fill="#fff" opacity=".7"/></svg>`;
};
