import type { ActionContext } from '../../core/action.ts';
import type { AudienceChange, AudienceOperation, AudienceRequestSettings } from '../../core/audience.ts';
import { isObject } from '../../core/json.ts';
import type { Failure } from '../../core/outcome.ts';
import { failureOf } from '../field-error.ts';
import { type Columns, columnsOf, versionsOf } from './columns.ts';
import type { SyncAudienceListFields } from './fields/sync-audience-list.ts';
import { identifyingRule, identityFailure, identityOptions } from './identity.ts';
import { listUser } from './list-user.ts';
import type { ListWarnings } from './list-warnings.ts';
import { memberOf } from './member.ts';
import { plainTextFailure } from './not-hashed.ts';
import { readableColumns, withProcessing } from './request-settings.ts';
import { sizeFailure } from './row-size.ts';
import { changeOf, identifyingVersion } from './rows.ts';

/** One entry of a list that can't be used. */
export interface EntryProblem {
  /** `userListAdd[2]`, or the list's name alone. */
  readonly entry: string;
  readonly failure: Failure;
}

export interface ReadList {
  readonly changes: readonly AudienceChange[];
  readonly problems: readonly EntryProblem[];
}

export interface ListOptions {
  /** As the sender calls it, for messages. */
  readonly name: string;
  readonly operation: AudienceOperation;
  /** The columns to look at, by our names; undefined: all that are known. */
  readonly columns: ReadonlySet<string> | undefined;
  readonly settings: AudienceRequestSettings;
  readonly warnings: ListWarnings;
}

/** Reads a list of users, each with the columns that they have. */
export function readList(
  list: unknown,
  options: ListOptions,
  fields: SyncAudienceListFields,
  context: ActionContext,
): ReadList {
  if (list === undefined || list === null || list === '') return { changes: [], problems: [] };
  if (!Array.isArray(list)) {
    const asked = context.wantsEntry?.(options.name) ?? true;
    return { changes: [], problems: asked ? [{ entry: options.name, failure: notAList }] : [] };
  }
  const changes: AudienceChange[] = [];
  const problems: EntryProblem[] = [];
  for (const [index, user] of list.entries()) {
    const entry = `${options.name}[${index}]`;
    if (context.wantsEntry?.(entry) === false) continue;
    const read = readEntry(user, entry, options, fields, context);
    if ('code' in read) problems.push({ entry, failure: read });
    else changes.push(read);
  }
  return { changes, problems };
}

function readEntry(
  user: unknown,
  entry: string,
  options: ListOptions,
  fields: SyncAudienceListFields,
  context: ActionContext,
): AudienceChange | Failure {
  if (!isObject(user)) return notAnObject;
  const { person, unread } = listUser(user, options.columns);
  options.warnings.unread(unread);
  const identity = identityOptions(person, context, fields.format);
  const plain = plainTextFailure(person, fields, identity);
  if (plain !== undefined) return plain;
  const { operation, settings } = options;
  if (operation !== 'remove') {
    const { value_based: valueBased = false } = fields;
    const found = (columns: Columns) => report(columns, options.warnings, context);
    const member = { operation, identity, settings, processing: fields, valueBased, entry, found };
    return memberOf(person, member, context.settings);
  }
  const versions = versionsOf(operation, context.settings).map((rules, at) => {
    const found = columnsOf(person, identity, rules);
    if (at === 0) report(found, options.warnings, context);
    return withProcessing(readableColumns(found.columns, settings), fields);
  });
  const rule = identifyingRule(context.settings);
  const current = identifyingVersion(versions, rule);
  const refused = current === undefined ? undefined : identityFailure(current, context);
  if (refused !== undefined) return refused;
  const change = changeOf('remove', versions, { entry, rule });
  return change === undefined ? notAnObject : (sizeFailure(change, context.settings) ?? change);
}

function report(found: Columns, warnings: ListWarnings, context: ActionContext): void {
  context.identified?.(found.statuses);
  warnings.found(found);
}

const notAList = failureOf(
  'LIST_INVALID',
  'users',
  'The list of users is not a list.',
  'Send an array of objects, or map another member of the event.',
);
const notAnObject = failureOf(
  'NOT_AN_OBJECT',
  'users',
  'not an object',
  'Send each user as an object of columns such as EMAIL and PHONE.',
);
