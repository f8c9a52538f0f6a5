/*
 * Holds every language against English: what is missing, what is left over, which plural forms a language needs that are not
 * there, whose variables differ; and English against the source: sentences that nothing says any more.
 *
 *   node dev/check-locales.mjs      names every problem, and fails if there is one
 *
 * Runs before every build and every test.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FORMS = ['zero', 'one', 'two', 'few', 'many', 'other'];
const PLURAL = new RegExp(`^(.+)_(${FORMS.join('|')})$`);

/** {a: {b: 'text'}} → [['a.b', 'text']] */
const flat = (texts, prefix = '') =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  );

/** Names put into a text: "{{count, number}}" → "count". */
const variablesOf = (text) => new Set([...text.matchAll(/\{\{\s*([\w.]+)/g)].map((one) => one[1]));

/** Keys by name; a plural is one key with its forms. */
function keysOf(texts) {
  const keys = new Map();
  for (const [key, text] of flat(texts)) {
    const [, name = key, form = null] = PLURAL.exec(key) ?? [];
    const forms = keys.get(name) ?? new Map();
    keys.set(name, forms.set(form, text));
  }
  return keys;
}

/** The forms of a plural that a language needs. A "zero" in English is a sentence of its own ("nobody yet"), so all have it. */
function formsFor(language, english) {
  const needed = new Set(new Intl.PluralRules(language).resolvedOptions().pluralCategories);
  if (english.has('zero')) needed.add('zero');
  return needed;
}

function problemsOfKey(language, key, english, own) {
  const problems = [];
  const say = (text) => problems.push(`${key}: ${text}`);
  const isPlural = !english.has(null);
  const needed = isPlural ? formsFor(language, english) : new Set([null]);
  const nameOf = (form) => (form === null ? 'the plain text' : `the form "${form}"`);
  for (const form of needed) if (!own.has(form)) say(`lacks ${nameOf(form)}`);
  for (const form of own.keys()) if (!needed.has(form)) say(`${nameOf(form)} is left over`);

  const wanted = new Set([...english.values()].flatMap((text) => [...variablesOf(text)]));
  for (const [form, text] of own) {
    if (text.trim() === '' || text !== text.trim())
      say(`${nameOf(form)} is empty or has blank ends`);
    const used = variablesOf(text);
    for (const name of used) if (!wanted.has(name)) say(`English has no {{${name}}}`);
    // "One song", "two songs": where the form is the number, the number need not be written.
    const saysNumber = ['zero', 'one', 'two'].includes(form);
    for (const name of wanted) {
      if (!used.has(name) && !(name === 'count' && saysNumber))
        say(`${nameOf(form)} lacks {{${name}}}`);
    }
  }
  return problems;
}

/** @param locales {en: {songs: {…}}, de: {songs: {…}}} */
export function problemsOf(locales) {
  const problems = [];
  for (const [language, own] of Object.entries(locales)) {
    for (const namespace of new Set([...Object.keys(locales.en), ...Object.keys(own)])) {
      const say = (text) => problems.push(`${language}/${namespace}.json ${text}`);
      if (own[namespace] === undefined) say('is missing');
      else if (locales.en[namespace] === undefined) say('is left over');
      else {
        const english = keysOf(locales.en[namespace]);
        const theirs = keysOf(own[namespace]);
        for (const [key, forms] of english) {
          if (!theirs.has(key)) say(`${key}: is missing`);
          else for (const one of problemsOfKey(language, key, forms, theirs.get(key))) say(one);
        }
        for (const key of theirs.keys()) if (!english.has(key)) say(`${key}: is left over`);
      }
    }
  }
  return problems;
}

/**
 * English keys that no source names. A key is named by a literal ('tryAgain', 'common:tryAgain'), or by the beginning of a
 * template (`why.${code}`).
 */
export function unusedIn(english, sources) {
  const literals = new Set();
  const starts = [];
  for (const source of sources) {
    for (const [, text] of source.matchAll(/['"]([\w:.]+)['"]/g)) literals.add(text);
    for (const [, text] of source.matchAll(/`([\w:.]+[.:])\$\{/g)) starts.push(text);
  }
  return Object.entries(english).flatMap(([namespace, texts]) =>
    [...keysOf(texts).keys()]
      .filter((key) => {
        const full = `${namespace}:${key}`;
        const isNamed = literals.has(key) || literals.has(full);
        return !isNamed && !starts.some((start) => key.startsWith(start) || full.startsWith(start));
      })
      .map((key) => `en/${namespace}.json ${key}: nothing says it`),
  );
}

const web = fileURLToPath(new URL('..', import.meta.url));
const localesFolder = join(web, 'src/locales');

export function readLocales(folder = localesFolder) {
  const languages = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
  return Object.fromEntries(
    languages.map(({ name }) => [
      name,
      Object.fromEntries(
        readdirSync(join(folder, name))
          .filter((file) => extname(file) === '.json')
          .map((file) => [
            basename(file, '.json'),
            JSON.parse(readFileSync(join(folder, name, file), 'utf8')),
          ]),
      ),
    ]),
  );
}

const readSources = () =>
  readdirSync(join(web, 'src'), { recursive: true })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.|^locales/.test(file))
    .map((file) => readFileSync(join(web, 'src', file), 'utf8'));

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const locales = readLocales();
  const problems = [...problemsOf(locales), ...unusedIn(locales.en, readSources())];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
