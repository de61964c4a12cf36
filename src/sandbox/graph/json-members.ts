import { ConnectorError } from '../../core/errors.ts';
import { isObject, type JsonObject, own } from '../../core/json.ts';

/**
 * Reads the members of a JSON object one by one. Every method throws `SANDBOX_REQUEST`, with the member's name and
 * what was expected, for a wrong value; `done` does for a member that nobody asked for.
 */
export interface JsonMembers {
  text(name: string): string | undefined;
  /** One text, or a list of them. */
  texts(name: string): readonly string[] | undefined;
  number(name: string, minimum: number): number | undefined;
  requiredNumber(name: string, minimum: number): number;
  object(name: string): JsonMembers | undefined;
  /** One object, or a list of them. */
  objects(name: string): readonly JsonMembers[] | undefined;
  flag(name: string): boolean | undefined;
  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined;
  any(name: string): unknown;
  done(): void;
}

/** `place` names the object in messages. */
export function jsonMembers(value: unknown, place: string): JsonMembers {
  if (!isObject(value)) throw wrong(`${place} must be a JSON object`);
  const asked = new Set<string>();

  function read(name: string): unknown {
    asked.add(name);
    return own(value, name) ?? undefined;
  }

  function number(name: string, minimum: number): number | undefined {
    const found = read(name);
    if (found === undefined) return undefined;
    if (typeof found === 'number' && Number.isFinite(found) && found >= minimum) return found;
    throw wrong(`${place}: ${name} must be a number of at least ${minimum}`);
  }

  return {
    number,
    requiredNumber(name, minimum) {
      const found = number(name, minimum);
      if (found === undefined) throw wrong(`${place}: ${name} is required`);
      return found;
    },
    text(name) {
      const found = read(name);
      if (found === undefined || typeof found === 'string') return found;
      throw wrong(`${place}: ${name} must be a text`);
    },
    texts(name) {
      const found = read(name);
      if (found === undefined) return undefined;
      const list: readonly unknown[] = Array.isArray(found) ? found : [found];
      if (list.every((item) => typeof item === 'string')) return list;
      throw wrong(`${place}: ${name} must be a text or a list of texts`);
    },
    object(name) {
      const found = read(name);
      return found === undefined ? undefined : jsonMembers(found, `${place}: ${name}`);
    },
    objects(name) {
      const found = read(name);
      if (found === undefined) return undefined;
      return (Array.isArray(found) ? found : [found]).map((item) => jsonMembers(item, `${place}: ${name}`));
    },
    flag(name) {
      const found = read(name);
      if (found === undefined || typeof found === 'boolean') return found;
      throw wrong(`${place}: ${name} must be true or false`);
    },
    oneOf(name, allowed) {
      const found = read(name);
      const known = allowed.find((value) => value === found);
      if (found === undefined || known !== undefined) return known;
      throw wrong(`${place}: ${name} must be one of ${allowed.join(', ')}`);
    },
    any: read,
    done() {
      const unknown = Object.keys(value as JsonObject).find((name) => !asked.has(name));
      if (unknown === undefined) return;
      throw wrong(`${place}: unknown member "${unknown}"; expected ${[...asked].sort().join(', ')}`);
    },
  };
}

function wrong(message: string): ConnectorError {
  return new ConnectorError('SANDBOX_REQUEST', message);
}
