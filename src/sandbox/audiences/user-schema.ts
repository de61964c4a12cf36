import type { KeyKind } from './member-keys.ts';

/** A column of `payload.data` (Meta: Custom audience users; Limited data use). */
export interface Column {
  readonly name: string;
  readonly kind: 'external_id' | 'hashed' | 'plain' | 'value' | 'options' | 'options_country' | 'options_state';
  /** What the column identifies a user by; absent where it only narrows the match. */
  readonly key?: KeyKind;
}

export interface UserSchema {
  readonly columns: readonly Column[];
  /** It came as a text, not as a list: then rows may be bare values. */
  readonly single: boolean;
}

const columns: readonly Column[] = [
  { name: 'EXTERN_ID', kind: 'external_id', key: 'EXTERN_ID' },
  { name: 'EMAIL', kind: 'hashed', key: 'EMAIL' },
  { name: 'EMAIL_SHA256', kind: 'hashed', key: 'EMAIL' },
  { name: 'PHONE', kind: 'hashed', key: 'PHONE' },
  { name: 'PHONE_SHA256', kind: 'hashed', key: 'PHONE' },
  { name: 'MADID', kind: 'plain', key: 'MADID' },
  { name: 'MOBILE_ADVERTISER_ID', kind: 'plain', key: 'MADID' },
  { name: 'PAGEUID', kind: 'plain', key: 'PAGEUID' },
  { name: 'APPUID', kind: 'plain', key: 'APPUID' },
  { name: 'UID', kind: 'plain', key: 'UID' },
  ...['GEN', 'DOBY', 'DOBM', 'DOBD', 'LN', 'FN', 'FI', 'CT', 'ST', 'ZIP', 'COUNTRY'].map(hashed),
  { name: 'LOOKALIKE_VALUE', kind: 'value' },
  { name: 'DATA_PROCESSING_OPTIONS', kind: 'options' },
  { name: 'DATA_PROCESSING_OPTIONS_COUNTRY', kind: 'options_country' },
  { name: 'DATA_PROCESSING_OPTIONS_STATE', kind: 'options_state' },
];

const byName = new Map(columns.map((column) => [column.name, column]));

/** Undefined when it isn't a schema: an unknown or repeated key, or none. `is_raw` says that no key is combined. */
export function readSchema(schema: unknown, isRaw: boolean): UserSchema | undefined {
  const names: readonly unknown[] = Array.isArray(schema) ? schema : [schema];
  const read = names.map((name) => (typeof name === 'string' ? columnOf(name, isRaw) : undefined));
  const known = read.filter((column) => column !== undefined);
  if (known.length === 0 || known.length < names.length) return undefined;
  if (new Set(known.map(({ name }) => name)).size < known.length) return undefined;
  return { columns: known, single: !Array.isArray(schema) };
}

/** Several keys hashed into one value, like LN_FN_ZIP. */
function columnOf(name: string, isRaw: boolean): Column | undefined {
  const known = byName.get(name);
  if (known !== undefined || isRaw) return known;
  const parts = name.split('_').map((part) => byName.get(part));
  return parts.every((part) => part?.kind === 'hashed') ? hashed(name) : undefined;
}

function hashed(name: string): Column {
  return { name, kind: 'hashed' };
}
