import type { FlatNamespace, Namespace, TFunction } from 'i18next';
import { useSyncExternalStore } from 'react';
import { i18n } from './i18n';

/**
 * What i18next would have to search and weave for every sentence of every screen, at every drawing, is kept here for as long
 * as the language is spoken: sentences without parts, and the functions that say them.
 */
let spoken = new Map<string, TFunction>();
const listeners = new Set<() => void>();
i18n.on('languageChanged', () => {
  spoken = new Map();
  for (const listener of listeners) listener();
});
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const kept = (): Map<string, TFunction> => spoken;

/** A sentence that is the same for everybody at all times. Null: i18next has to weave it, or to look for it elsewhere. */
function plainSentence(namespace: string, key: string): string | null {
  const at = key.indexOf(':');
  const text: unknown = i18n.getResource(
    i18n.language,
    at === -1 ? namespace : key.slice(0, at),
    key.slice(at + 1),
  );
  return typeof text === 'string' && !/\{\{|\$t\(/.test(text) ? text : null;
}

type Say = (key: string, parts?: object) => string;

function make(namespaces: readonly FlatNamespace[]): TFunction {
  const weave = i18n.getFixedT(null, namespaces) as unknown as Say;
  const sentences = new Map<string, string>();
  const say: Say = (key, parts) => {
    if (parts !== undefined) return weave(key, parts);
    let sentence = sentences.get(key);
    if (sentence === undefined) {
      sentence = plainSentence(namespaces[0] ?? 'common', key) ?? weave(key);
      sentences.set(key, sentence);
    }
    return sentence;
  };
  return say as unknown as TFunction;
}

/** `t` for the sentences of a screen, in the language of the moment. With several namespaces, the first needs no naming. */
export function useTranslation<const Ns extends Namespace = 'common'>(
  namespaces?: Ns,
): { t: TFunction<Ns> } {
  const said = useSyncExternalStore(subscribe, kept);
  const names: readonly FlatNamespace[] =
    namespaces === undefined ? ['common'] : [namespaces].flat();
  const key = names.join(' ');
  let t = said.get(key);
  if (t === undefined) {
    t = make(names);
    said.set(key, t);
  }
  return { t: t as TFunction<Ns> };
}
