import { generatedObject } from '../../core/generated-object.ts';
import { type Compiled, type CompiledMember, constant, type Resolver } from './compiled.ts';

/** Sets an own member, also one that is called `__proto__`. */
export function put(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** An object of compiled members; one that resolves to nothing is left out. Constant when all of them are. */
export function compiledObject(members: readonly CompiledMember[]): Compiled {
  const parts = members.map(([key, value]) => ({ key, resolve: value.resolve }));
  const resolve = resolverOf(parts);
  if (!members.every(([, value]) => value.constant)) return { resolve, constant: false, members };
  return { ...constant(resolve([])), members };
}

interface Member {
  readonly key: string;
  readonly resolve: Resolver;
}

function resolverOf(members: readonly Member[]): Resolver {
  return members.some(({ key }) => key === '__proto__') ? puttingObject(members) : plainObject(members);
}

function plainObject(members: readonly Member[]): Resolver {
  const whole = generatedObject(members.map(({ key }) => key));
  return (frame) => {
    const values: unknown[] = [];
    let found = 0;
    for (const { resolve } of members) {
      const value = resolve(frame);
      values.push(value);
      if (value !== undefined) found += 1;
    }
    if (found === members.length) return whole(values);
    const result: Record<string, unknown> = {};
    for (let at = 0; found > 0; at += 1) {
      const value = values[at];
      if (value === undefined) continue;
      result[members[at]?.key ?? ''] = value;
      found -= 1;
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

/** An array of compiled items. An item that resolves to nothing keeps its place as null, as it would in JSON. */
export function compiledArray(items: readonly Compiled[]): Compiled {
  const resolve: Resolver = (frame) => items.map((item) => item.resolve(frame) ?? null);
  if (!items.every((item) => item.constant)) return { resolve, constant: false };
  return constant(resolve([]));
}
