/**
 * Takes down what the station painted before the script came (public/first-paint-case.html): the page has drawn its own, or
 * somebody went elsewhere.
 */
export const takeDownFirstPaint = (): void => document.getElementById('first')?.remove();
