/** Reads Prometheus' exposition format, as much of it as this product writes. */

/**
 * @typedef {{ readonly [label: string]: string }} Labels
 * @typedef {{ readonly name: string, readonly labels: Labels, readonly value: number }} Sample
 */

/**
 * The product's own samples; names without the `meta_actions_` that all of them begin with.
 *
 * @param {string} text
 * @returns {readonly Sample[]}
 */
export function samplesOf(text) {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^meta_actions_(\w+?)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, labels: labelsOf(labels), value: Number(value) }];
  });
}

/**
 * @param {string} text
 * @returns {Labels}
 */
function labelsOf(text) {
  const pairs = text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g);
  return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, unescaped(value)]));
}

/**
 * @param {string} value
 * @returns {string}
 */
function unescaped(value) {
  return value.replace(/\\(.)/g, (_all, character) => (character === 'n' ? '\n' : character));
}

/**
 * @param {readonly Sample[]} samples
 * @param {string} name
 * @param {Labels} labels
 * @returns {number}
 */
export function sum(samples, name, labels) {
  return samples
    .filter((sample) => sample.name === name && has(sample.labels, labels))
    .reduce((total, sample) => total + sample.value, 0);
}

/**
 * The different values of some labels, in the order of their first sample.
 *
 * @param {readonly Sample[]} samples
 * @param {readonly string[]} names
 * @param {readonly string[]} keys
 * @returns {readonly Labels[]}
 */
export function groups(samples, names, keys) {
  const found = new Map();
  for (const { name, labels } of samples) {
    if (!names.includes(name) || !keys.every((key) => key in labels)) continue;
    const group = Object.fromEntries(keys.map((key) => [key, labels[key]]));
    found.set(JSON.stringify(group), group);
  }
  return [...found.values()];
}

/**
 * What a counter counts by one more label, in words: `trigger 12, consent 3`.
 *
 * @param {readonly Sample[]} samples
 * @param {string} name
 * @param {Labels} labels
 * @param {string} label
 * @returns {string}
 */
export function breakdown(samples, name, labels, label) {
  return groups(samples, [name], [...Object.keys(labels), label])
    .filter((group) => has(group, labels))
    .map((group) => `${group[label]} ${sum(samples, name, group)}`)
    .join(', ');
}

/**
 * @param {Labels} labels
 * @param {Labels} wanted
 * @returns {boolean}
 */
function has(labels, wanted) {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
