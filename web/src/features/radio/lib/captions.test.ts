import { describe, expect, test } from 'vitest';
import { captionFor, showCaption, type Track } from './captions';

const track = (kind: TextTrackKind, language: string): Track => ({
  kind,
  language,
  mode: 'disabled',
});
const en = track('subtitles', 'en');
const es = track('captions', 'es-419');
const chapters = track('chapters', 'en');

describe('which text is read', () => {
  test.each([
    ['the language of the page', [en, es], ['es'], es],
    ['a kin of it', [en, es], ['es-ES', 'en'], es],
    ['the next language that is read', [en, es], ['ja', 'en'], en],
    ['any, before none', [es], ['ja'], es],
    ['none from none', [chapters], ['en'], null],
  ])('%s', (_, tracks, languages, expected) => {
    expect(captionFor(tracks, languages)).toBe(expected);
  });
});

test('one text is shown at a time, and chapters are left alone', () => {
  const tracks = [track('subtitles', 'en'), track('subtitles', 'es'), track('chapters', 'en')];
  showCaption(tracks, tracks[1] ?? null);
  expect(tracks.map(({ mode }) => mode)).toEqual(['disabled', 'showing', 'disabled']);
  if (tracks[2] !== undefined) tracks[2].mode = 'hidden';
  showCaption(tracks, null);
  expect(tracks.map(({ mode }) => mode)).toEqual(['disabled', 'disabled', 'hidden']);
});
