/** By this a test knows that the page of components is in no release. */
export const MARK = 'every part in every state';
