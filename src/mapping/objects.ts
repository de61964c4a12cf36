import { type Compiled, constant, type Resolver } from './compiled.ts';

/** Sets an own member, also one that is called `__proto__`. */
export function put(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** An object of compiled members; one that resolves to nothing is left out. Constant when all of them are. */
export function compiledObject(members: readonly (readonly [key: string, value: Compiled])[]): Compiled {
  const parts = members.map(([key, value]) => ({ key, resolve: value.resolve }));
  const resolve = resolverOf(parts);
  if (!members.every(([, value]) => value.constant)) return { resolve, constant: false };
  return constant(resolve([]));
}

interface Member {
  readonly key: string;
  readonly resolve: Resolver;
}

function resolverOf(members: readonly Member[]): Resolver {
  if (members.some(({ key }) => key === '__proto__')) return puttingObject(members);
  return members.length > fewMembers ? largeObject(members) : plainObject(members);
}

function plainObject(members: readonly Member[]): Resolver {
  return (frame) => {
    const result: Record<string, unknown> = {};
    for (const { key, resolve } of members) {
      const value = resolve(frame);
      if (value !== undefined) result[key] = value;
    }
    return result;
  };
}

function puttingObject(members: readonly Member[]): Resolver {
  return (frame) => {
    const result: Record<string, unknown> = {};
    for (const { key, resolve } of members) {
      const value = resolve(frame);
      if (value !== undefined) put(result, key, value);
    }
    return result;
  };
}

/** Members that can be added to an object one by one before the engine makes a hash table of it. */
const fewMembers = 12;

/** Members of which one number can tell which are there. */
const membersInWord = 30;

/** How many combinations of members have an object to start from; what comes later is built member by member. */
const maxShapes = 200;

/** Which members an object has, as far as looked at. */
interface Shape {
  readonly next: Map<number, Shape>;
  blank?: Record<string, unknown>;
}

/**
 * An object of many members, as a copy of one that has the same members already: added one by one under computed keys
 * they would become a hash table, which is slow to make and slow to read.
 */
function largeObject(members: readonly Member[]): Resolver {
  const start: Shape = { next: new Map() };
  let shapes = 0;

  function shapeAfter(shape: Shape, word: number): Shape {
    const known = shape.next.get(word);
    if (known !== undefined) return known;
    const next: Shape = { next: new Map() };
    if (shapes < maxShapes) shape.next.set(word, next);
    shapes += 1;
    return next;
  }

  return (frame) => {
    const values = new Array<unknown>(members.length);
    let shape = start;
    let word = 0;
    let bit = 0;
    for (let index = 0; index < members.length; index += 1) {
      const value = members[index]?.resolve(frame);
      values[index] = value;
      if (value !== undefined) word |= 1 << bit;
      bit += 1;
      if (bit < membersInWord) continue;
      shape = shapeAfter(shape, word);
      word = 0;
      bit = 0;
    }
    shape = shapeAfter(shape, word);
    if (shapes < maxShapes) shape.blank ??= blankOf(members.filter((_, index) => values[index] !== undefined));
    const result: Record<string, unknown> = { ...shape.blank };
    for (let index = 0; index < members.length; index += 1) {
      const value = values[index];
      if (value !== undefined) result[members[index]?.key ?? ''] = value;
    }
    return result;
  };
}

/** An object with these members in the engine's fast form, which it gives to what it parses and keeps in a copy. */
function blankOf(members: readonly Member[]): Record<string, unknown> {
  return JSON.parse(JSON.stringify(Object.fromEntries(members.map(({ key }) => [key, null]))));
}

/** An array of compiled items. An item that resolves to nothing keeps its place as null, as it would in JSON. */
export function compiledArray(items: readonly Compiled[]): Compiled {
  const resolve: Resolver = (frame) => items.map((item) => item.resolve(frame) ?? null);
  if (!items.every((item) => item.constant)) return { resolve, constant: false };
  return constant(resolve([]));
}
