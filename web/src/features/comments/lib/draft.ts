/** The station's limit, in code points: an emoji of one code point counts once. */
export const LONGEST_COMMENT = 500;

/** What the station will count, after its own normalising. */
export const lengthOf = (text: string): number => Array.from(text.normalize('NFC').trim()).length;
