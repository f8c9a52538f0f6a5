/** When the player does what, in milliseconds. */

/** How often the player looks at the clock. */
export const TICK_MS = 250;
/** The next song is fetched once the one on air has played so long and has enough, so that a skip finds it there … */
export const SETTLED_IN_MS = 5_000;
/** … and in any case this long before it starts. */
export const PRELOAD_MS = 25_000;
/** What is loaded and rests is roused so long before it begins, or not at all: it has to be ready again in time. */
export const ROUSE_FROM_MS = 4_000;
export const ROUSE_UNTIL_MS = 1_500;
/** A song that comes on air later than this (after a skip, or on a slow line) begins where everybody is. */
export const LATE_START_MS = 300;
/** Two seeks are at least this far apart: a seek needs time to show whether it was enough. */
export const SEEK_PAUSE_MS = 3_000;
/** What has landed shows within so long how well. */
export const FRESH_MS = 4_000;
/** A seek lands late, by what this machine needs for it. It is aimed so much ahead: at first by this … */
export const FIRST_LEAD_MS = 70;
/** … then by what the last landing taught, up to this. */
export const MOST_LEAD_MS = 1_500;
/** An element that is ready needs a moment to begin, too: it is begun so much ahead at most … */
export const MOST_START_LEAD_MS = 400;
/** … and how that came out shows after so long. */
export const STARTED_MS = 500;
/** Silence longer than this: this one does not play. */
export const GIVE_UP_MS = 15_000;
/** A tick that comes later than this says nothing about how long somebody listened. */
export const LONGEST_TICK_MS = 5_000;
