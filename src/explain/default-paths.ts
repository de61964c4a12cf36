import { isObject } from '../core/json.ts';

/** The paths of an event that a default mapping reads, in their order; of a list of objects the list's. */
export function pathsOf(mapping: unknown): readonly string[] {
  const paths = new Set<string>();
  const add = (path: unknown): void => {
    if (typeof path === 'string') paths.add(path.replace(/^\$\./, ''));
  };
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isObject(value)) return;
    const list = value['@arrayPath'];
    if (Array.isArray(list)) add(list[0]);
    else if ('@path' in value) add(value['@path']);
    else Object.values(value).forEach(walk);
  };
  walk(mapping);
  return [...paths];
}

const traitRoots = ['traits', 'context.traits', 'properties'];

/** The paths in words, short where every name is looked for in all places of traits. */
export function placesOf(paths: readonly string[], mark: (name: string) => string = (name) => name): string {
  const names = paths.flatMap((path) => (path.startsWith('traits.') ? [path.slice('traits.'.length)] : []));
  const all = new Set(names.flatMap((name) => traitRoots.map((root) => `${root}.${name}`)));
  const areTraits = all.size > 0 && all.size === paths.length && paths.every((path) => all.has(path));
  const listed = (texts: readonly string[]) => inWords(texts.map(mark));
  return areTraits ? `${listed(names)} in ${listed(traitRoots)}` : listed(paths);
}

function inWords(texts: readonly string[]): string {
  if (texts.length < 2) return texts.join();
  return `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}
