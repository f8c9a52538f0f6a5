import type en from './en';

/** The files of one language. What is in them, dev/check-locales.mjs holds against the English ones. */
export type Locale = Record<keyof typeof en, object>;
