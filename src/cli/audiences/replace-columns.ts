import { type AudienceRequestSettings, identifyingKeys } from '../../core/audience.ts';
import { ConnectorError } from '../../core/errors.ts';
import { columnNamed } from '../../core/person-columns.ts';
import type { DestinationSettings } from '../../core/settings.ts';
import { keyOfName } from '../../kit/audience/header.ts';
import type { UserFile } from '../../replace/user-file.ts';
import { headerName } from '../command/header-name.ts';
import { titleWarning } from '../command/unread-columns.ts';

type Table = NonNullable<UserFile['table']>;

/**
 * What `--columns` says: header to our name of the column, or to nothing.
 *
 * @throws ConnectorError USAGE
 */
export function columnOverrides(texts: readonly string[]): ReadonlyMap<string, string | undefined> {
  const overrides = new Map<string, string | undefined>();
  for (const part of texts.flatMap((text) => text.split(','))) {
    const at = part.lastIndexOf('=');
    const [header, key] = [part.slice(0, Math.max(0, at)).trim(), part.slice(at + 1).trim()];
    if (header === '') throw usage(`--columns: "${part}" is not header=KEY`);
    const name = key === '' ? undefined : columnNamed(key);
    if (key !== '' && name === undefined)
      throw usage(`--columns: "${key}" is no column of an audience: ${keysInWords}`);
    overrides.set(header, name);
  }
  return overrides;
}

/**
 * A table must have a column that tells who somebody is.
 *
 * @throws ConnectorError USAGE, FILE_NO_IDENTIFIER
 */
export function checkColumns(
  { path, columns }: UserFile,
  { header, headerLine }: Pick<Table, 'header' | 'headerLine'>,
  settings: DestinationSettings,
  { pageIds }: AudienceRequestSettings,
): void {
  const [unused] = columns.unused();
  if (unused !== undefined) {
    throw usage(`--columns: ${path}:${headerLine} has no column "${unused}"; it has ${header.map(shown).join(', ')}`);
  }
  const keys = new Set(header.flatMap((text) => columns.nameOf(text) ?? []).map(keyOfName));
  if (pageIds === undefined) keys.delete('PAGEUID');
  const strict = settings.audiences?.requireExternalId === true;
  const wanted: readonly string[] = strict ? ['EXTERN_ID'] : identifyingKeys;
  if (wanted.some((key) => keys.has(key))) return;
  const message = `${path}:${headerLine}:1: no column tells who somebody is (${wanted.join(', ')}); the columns are ${header.map(shown).join(', ')}. Fix: name the columns in the first row, or with --columns 'header=KEY'`;
  throw new ConnectorError('FILE_NO_IDENTIFIER', message);
}

/** Columns that are not sent though somebody may think so. */
export function columnWarnings(
  { path, table, columns }: UserFile,
  { pageIds, appIds }: AudienceRequestSettings,
  valueBased: boolean,
): readonly string[] {
  const warnings = columns.unknown().map((text) => {
    const at = table === undefined ? path : `${path}:${table.headerLine}:${table.header.indexOf(text) + 1}`;
    return `${at}: the column ${shown(text)} is not known, and is left out: say what it is with --columns '${bare(text)}=KEY', or leave it out with '${bare(text)}='`;
  });
  if (table?.hasTitle === true) warnings.push(titleWarning(path, table.headerLine));
  const names = new Set((table?.header ?? []).map((text) => columns.nameOf(text)));
  if (names.has('value') && !valueBased) warnings.push('the audience is not value-based: values are left out');
  if (names.has('page_scoped_user_id') && pageIds === undefined) {
    warnings.push('page-scoped user ids need their page: give it with --page-id, or they are left out');
  }
  if (names.has('app_user_id') && appIds === undefined) {
    warnings.push('app-scoped user ids need their app: give it with --app-id, or they are left out');
  }
  return warnings;
}

function shown(text: string): string {
  return headerName(text) === text ? `"${text}"` : headerName(text);
}

function bare(text: string): string {
  return headerName(text) === text ? text : 'header';
}

const keysInWords =
  'EXTERN_ID, EMAIL, PHONE, MADID, PAGEUID, APPUID, LN, FN, FI, GEN, DOB, DOBY, DOBM, DOBD, CT, ST, ZIP, COUNTRY, LOOKALIKE_VALUE';

function usage(message: string): ConnectorError {
  return new ConnectorError('USAGE', message);
}
