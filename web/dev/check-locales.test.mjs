import { expect, test } from 'vitest';
import { problemsOf, readLocales, unusedIn } from './check-locales.mjs';

const en = {
  songs: {
    title: 'Songs',
    by: { name: 'By {{name}}' },
    count_one: '{{count}} song',
    count_other: '{{count}} songs',
  },
};
const de = {
  songs: {
    title: 'Songs',
    by: { name: 'Von {{name}}' },
    count_one: '{{count}} Song',
    count_other: '{{count}} Songs',
  },
};

test('the languages of the app have what English has', () => {
  expect(problemsOf(readLocales())).toEqual([]);
});

test('a whole language passes', () => expect(problemsOf({ en, de })).toEqual([]));

test.each([
  ['a missing key', { songs: { ...de.songs, title: undefined } }, 'title: is missing'],
  ['a key left over', { songs: { ...de.songs, more: 'x' } }, 'more: is left over'],
  ['an empty text', { songs: { ...de.songs, title: ' ' } }, 'title: the plain text is empty'],
  ['a lost variable', { songs: { ...de.songs, by: { name: 'Von ihr' } } }, 'lacks {{name}}'],
  ['an invented variable', { songs: { ...de.songs, title: '{{x}}' } }, 'English has no {{x}}'],
  ['a plural form', { songs: { ...de.songs, count_one: undefined } }, 'lacks the form "one"'],
  ['a form too many', { songs: { ...de.songs, count_few: '{{count}}' } }, '"few" is left over'],
  ['a file', {}, 'songs.json is missing'],
  ['a file too many', { ...de, more: {} }, 'more.json is left over'],
])('%s is found', (_, broken, problem) => {
  const found = problemsOf({ en, de: JSON.parse(JSON.stringify(broken)) });
  expect(found.join('\n')).toContain(problem);
});

test('every plural form of a language is needed, also those that English does not have', () => {
  const found = problemsOf({ en, ar: de });
  for (const form of ['zero', 'two', 'few', 'many'])
    expect(found).toContain(`ar/songs.json count: lacks the form "${form}"`);
});

test('a sentence that nothing says is found', () => {
  const english = { songs: { title: 'Songs', sort: { likes: 'Likes' }, count_one: 'x', old: 'y' } };
  const sources = ["t('songs:title')", 't(`sort.${sort}`)', "t('count', { count })"];
  expect(unusedIn(english, sources)).toEqual(['en/songs.json old: nothing says it']);
});
