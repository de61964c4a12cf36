import {
  type ComparisonOperator,
  functionArity,
  functionNames,
  type Scalar,
  type TriggerNode,
} from '../../../src/trigger/tree.ts';

/** A number in [0, 1) from a seed: the same seed gives the same triggers and events on every machine. */
export type Random = () => number;

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const nowhere = { offset: 0, length: 0 } as const;
const operators: readonly ComparisonOperator[] = ['=', '=', '=', '!=', '<', '<=', '>', '>=', 'in', 'in'];
const texts = ['', 'track', 'page', 'A', 'ab', 'a*', '*b', '?', '[a-b]*', 'a b', 'é"\\\'\n', '\u0001🎁', '12', 'true'];
const numbers = [0, -0, 1, 2, 12, -1.5, 0.1, 1e21, 1e-7];
const keys = [
  'type',
  'event',
  'properties',
  'a',
  'b',
  'c d',
  'é.',
  'and',
  'null',
  '1',
  '-x',
  '__proto__',
  'length',
  '0',
];

/** A tree of any shape the parser can produce, with names and values that events of `randomEvent` often have. */
export function randomTree(random: Random, depth = 4): TriggerNode {
  const kind = depth === 0 ? pick(random, ['literal', 'path'] as const) : pick(random, kinds);
  switch (kind) {
    case 'literal':
      return { kind, value: randomScalar(random), ...nowhere };
    case 'path':
      return { kind, keys: randomKeys(random), ...nowhere };
    case 'list':
      return { kind, items: some(random, 0, 3, () => randomTree(random, random() < 0.8 ? 0 : depth - 1)), ...nowhere };
    case 'call': {
      const name = pick(random, functionNames);
      const args = some(random, functionArity[name], functionArity[name], () => randomTree(random, depth - 1));
      return { kind, name, args, ...nowhere };
    }
    case 'compare':
      return {
        kind,
        operator: pick(random, operators),
        left: randomTree(random, random() < 0.8 ? 0 : depth - 1),
        right: random() < 0.2 ? randomTree(random, depth - 1) : randomRight(random),
        ...nowhere,
      };
    case 'not':
      return { kind, operand: randomTree(random, depth - 1), ...nowhere };
    default:
      return { kind, operands: some(random, 2, 4, () => randomTree(random, depth - 1)), ...nowhere };
  }
}

const kinds = [
  'literal',
  'path',
  'list',
  'call',
  'compare',
  'compare',
  'compare',
  'not',
  'and',
  'and',
  'or',
  'or',
] as const;

function randomRight(random: Random): TriggerNode {
  if (random() < 0.6) return { kind: 'literal', value: randomScalar(random), ...nowhere };
  const items = some(random, 0, 3, (): TriggerNode => ({ kind: 'literal', value: randomScalar(random), ...nowhere }));
  return { kind: 'list', items, ...nowhere };
}

/** An event, or something that is none: members may be missing, of any type, or lists and objects. */
export function randomEvent(random: Random): unknown {
  if (random() < 0.02) return randomValue(random, 2);
  const event: Record<string, unknown> = { type: pick(random, ['track', 'page', 'identify', 'A', null, 1]) };
  if (random() < 0.8) event['event'] = random() < 0.7 ? pick(random, texts) : randomValue(random, 1);
  if (random() < 0.8) event['properties'] = randomObject(random, 2);
  return { ...event, ...(random() < 0.5 ? randomObject(random, 2) : {}) };
}

function randomObject(random: Random, depth: number): Record<string, unknown> {
  const entries = some(random, 0, 5, () => [pick(random, keys), randomValue(random, depth - 1)] as const);
  return Object.fromEntries(entries);
}

function randomValue(random: Random, depth: number): unknown {
  const roll = random();
  if (depth <= 0 || roll < 0.7) return randomScalar(random);
  return roll < 0.85 ? some(random, 0, 3, () => randomValue(random, depth - 1)) : randomObject(random, depth);
}

function randomScalar(random: Random): Scalar {
  const roll = random();
  if (roll < 0.5) return pick(random, texts);
  if (roll < 0.8) return pick(random, numbers);
  return pick(random, [true, false, null]);
}

function randomKeys(random: Random): readonly string[] {
  const rest = some(random, 0, 2, () => pick(random, [...keys, '']));
  return [pick(random, ['type', 'event', 'properties', ...keys]), ...rest];
}

function some<T>(random: Random, least: number, most: number, make: () => T): T[] {
  return Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, make);
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)] as T;
}

/** A tree with every position set to zero, to compare structure alone. */
export function withoutPositions(tree: TriggerNode): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value) => {
      if (key === 'offset' || key === 'length') return undefined;
      return Object.is(value, -0) ? { minusZero: true } : value;
    }),
  );
}
