import type { JsonObject } from '../../core/json.ts';
import { schemaInvalid } from '../values/schema-error.ts';

/** The names of records, enums and fixeds, and of fields (Avro 1.12 specification: names). */
const simpleName = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function checkedName(name: unknown): string {
  if (typeof name === 'string' && simpleName.test(name) && name !== '__proto__') return name;
  throw schemaInvalid('has a name that Avro does not allow');
}

/** The full name of a type that a schema defines. */
export function definedName({ name, namespace }: JsonObject, enclosing: string): string {
  if (typeof name !== 'string' || name === '') throw schemaInvalid('defines a type without a name');
  if (name.includes('.')) return name;
  return qualified(name, typeof namespace === 'string' ? namespace : enclosing);
}

export function qualified(name: string, namespace: string): string {
  return namespace === '' || name.includes('.') ? name : `${namespace}.${name}`;
}

export function namespaceOf(fullName: string): string {
  return fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')));
}
