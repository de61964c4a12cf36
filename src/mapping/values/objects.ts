import { type Compiled, type CompiledMember, constant, type Resolver } from './compiled.ts';
import { generatedMembers, type Member } from './generated-members.ts';

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

/** More are not written out as code. */
const mostWritten = 200;

function resolverOf(members: readonly Member[]): Resolver {
  const written =
    members.length > 0 && members.length <= mostWritten && members.every(({ key }) => key !== '__proto__');
  if (!written) return puttingObject(members);
  return generatedMembers(members, (values) => {
    const result: Record<string, unknown> = {};
    for (let at = 0; at < members.length; at += 1) {
      const value = values[at];
      if (value !== undefined) result[members[at]?.key ?? ''] = value;
    }
    return result;
  });
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
