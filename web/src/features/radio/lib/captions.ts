/** What is said of a text track. */
export type Track = Pick<TextTrack, 'kind' | 'language' | 'mode'>;

const isCaption = ({ kind }: Track): boolean => kind === 'captions' || kind === 'subtitles';

const primary = (language: string): string => language.toLowerCase().split('-')[0] ?? '';

/** The text that suits whoever reads `languages`, best first; any text before none. */
export function captionFor<T extends Track>(
  tracks: readonly T[],
  languages: readonly string[],
): T | null {
  const texts = tracks.filter(isCaption);
  for (const language of languages) {
    const found = texts.find((track) => primary(track.language) === primary(language));
    if (found !== undefined) return found;
  }
  return texts[0] ?? null;
}

/** Shows one text, or none. What is no text for reading (chapters, data) stays as it is. */
export function showCaption(tracks: readonly Track[], shown: Track | null): void {
  for (const track of tracks.filter(isCaption)) {
    const mode = track === shown ? 'showing' : 'disabled';
    // Setting a mode tells everybody that it changed, even where it did not.
    if (track.mode !== mode) track.mode = mode;
  }
}
