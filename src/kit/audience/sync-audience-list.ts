import { membershipWord } from '../../core/membership-word.ts';
import type { ActionContext, ActionResult } from '../../core/action.ts';
import type {
  AudienceOperation,
  AudienceRequestSettings,
  AudienceTarget,
  AudienceUpdate,
} from '../../core/audience.ts';
import { entriesText } from '../../core/entry-ranges.ts';
import { own } from '../../core/json.ts';
import type { Failure } from '../../core/outcome.ts';
import { columnNamed } from '../../core/person-columns.ts';
import { failureOf } from '../field-error.ts';
import type { SyncAudienceListFields } from './fields/sync-audience-list.ts';
import { type EntryProblem, type ListOptions, type ReadList, readList } from './list-entries.ts';
import { createListWarnings } from './list-warnings.ts';
import { requestSettings } from './request-settings.ts';
import { sessionsOf } from './sessions.ts';
import { targetOf } from './target.ts';

/** Meta: custom audience, users. A session of the user's own is one request, and so is a replacement. */
const maxRowsOfRequest = 10_000;
const maxNamedEntries = 20;

/** Makes of one event the changes of many people's membership: Sync Audience List's `toPayload`. */
export function syncAudienceList(fields: SyncAudienceListFields, context: ActionContext): ActionResult {
  const targets = targetsOf(fields, context);
  if ('kind' in targets) return targets;
  const columns = columnsToRead(fields.schema_fields);
  if (columns === 'none') return rejected(schemaUnknown);
  const cohort = cohortOf(fields);
  if ('code' in cohort) return rejected(cohort);
  const sessions = sessionsOf(fields);
  if ('code' in sessions) return rejected(sessions);

  const settings = requestSettings(fields);
  const warnings = createListWarnings(context);
  const read = (list: unknown, name: string, operation: AudienceOperation) => {
    const options: ListOptions = { name, operation, columns, settings, warnings };
    return readList(list, options, fields, context);
  };
  const added = context.additionsBarred === undefined;
  if (cohort.replace !== undefined) {
    if (context.additionsBarred !== undefined) return { kind: 'skipped', reason: context.additionsBarred };
    if (context.wantsEntry === undefined) {
      const list = read(cohort.replace, cohort.name ?? 'users', 'replace');
      warnings.tell();
      return replacement(targets, settings, list);
    }
  }
  // The others of a list have replaced the audience: entries that come back are added to them.
  const additions = cohort.add ?? cohort.replace ?? fields.users_add;
  const lists = [
    {
      ...read(cohort.remove ?? fields.users_remove, cohort.name ?? 'userListDelete', 'remove'),
      session: sessions.remove,
    },
    ...(added ? [{ ...read(additions, cohort.name ?? 'userListAdd', 'add'), session: sessions.add }] : []),
  ];
  warnings.tell();
  if (lists.some((list) => list.session !== undefined && rowCount(list) > maxRowsOfRequest)) return rejected(tooLarge);
  const failure = entriesFailure(lists);
  const wanted = lists.filter((list) => list.changes.length > 0);
  if (wanted.length === 0 && !cohort.create) {
    if (failure !== undefined) return rejected(wholly(failure));
    if (!added) return { kind: 'skipped', reason: context.additionsBarred ?? '' };
    const given = [additions, cohort.remove ?? fields.users_remove].filter((list) => list !== undefined);
    if (given.length > 0 && context.wantsEntry === undefined) return { kind: 'skipped', reason: 'empty_list' };
    // Entries that are asked for and not there must not be taken for sent.
    const meant = context.ownTrigger === true || context.wantsEntry !== undefined;
    return meant ? rejected(noUsers) : { kind: 'skipped', reason: 'no_membership' };
  }
  const updates = targets.flatMap((target): AudienceUpdate[] => {
    if (wanted.length === 0) return [{ target, settings, changes: [] }];
    return wanted.map(({ changes, session }) => ({ target, settings, ...(session && { session }), changes }));
  });
  return { kind: 'audience', updates, ...(failure !== undefined && { failure }) };
}

/** The audiences that the event's name stands for, or the one that the fields name. */
function targetsOf(fields: SyncAudienceListFields, context: ActionContext): readonly AudienceTarget[] | ActionResult {
  if (fields.audiences === undefined) {
    const target = targetOf(fields, context);
    return 'code' in target ? rejected(target) : [target];
  }
  const given = fields.event_name === undefined ? undefined : own(fields.audiences, fields.event_name);
  if (given === undefined || (Array.isArray(given) && given.length === 0)) {
    return { kind: 'skipped', reason: 'event_not_mapped' };
  }
  const targets: AudienceTarget[] = [];
  for (const id of Array.isArray(given) ? given : [given]) {
    const audience_id = typeof id === 'string' || Number.isSafeInteger(id) ? String(id) : '';
    // The table of audiences is the mapping's own.
    const target = targetOf({ audience_id }, { settings: context.settings });
    if ('code' in target) return rejected(target);
    targets.push(target);
  }
  return targets;
}

function columnsToRead(schema: readonly string[] | undefined): ReadonlySet<string> | 'none' | undefined {
  if (schema === undefined) return undefined;
  const names = new Set(schema.flatMap((key) => columnNamed(key) ?? []));
  return names.size === 0 ? 'none' : names;
}

interface Cohort {
  /** How the list of a cohort message is called; undefined: it is no cohort message. */
  readonly name?: string;
  readonly create: boolean;
  readonly add?: unknown;
  readonly remove?: unknown;
  /** All who are to be in the audience. */
  readonly replace?: unknown;
}

/** A cohort message has one list, and one word for what to do with it. */
function cohortOf(fields: SyncAudienceListFields): Cohort | Failure {
  const { operation, users } = fields;
  const word = typeof operation === 'string' ? operation.trim().toLowerCase() : undefined;
  if (word === 'replace') return replacementOf(fields);
  const other = fields.users_add !== undefined || fields.users_remove !== undefined;
  if (users === undefined && (operation === undefined || other)) return { create: false };
  if (operation === undefined) return operationUnknown;
  if (word === 'create') return { name: 'users', create: true, add: users };
  const change = membershipWord(operation);
  if (change === undefined) return operationUnknown;
  return { name: 'users', create: false, ...(change === 'add' ? { add: users } : { remove: users }) };
}

/** A replacement is whole in one event: the second part of several would replace the first. */
function replacementOf(fields: SyncAudienceListFields): Cohort | Failure {
  const { users, users_add, users_remove, batch_sequence = 1, last_batch_flag = true } = fields;
  if (users_remove !== undefined || batch_sequence !== 1 || !last_batch_flag) return replaceInParts;
  const list = users ?? users_add;
  if (list === undefined || (Array.isArray(list) && list.length === 0)) return replaceEmpty;
  return { name: users === undefined ? 'userListAdd' : 'users', create: false, replace: list };
}

function replacement(
  targets: readonly AudienceTarget[],
  settings: AudienceRequestSettings,
  list: ReadList,
): ActionResult {
  const { changes } = list;
  const failure = entriesFailure([list]);
  if (rowCount(list) > maxRowsOfRequest) return rejected(replaceTooLarge);
  if (changes.length === 0) return rejected(failure === undefined ? replaceEmpty : wholly(failure));
  const updates = targets.map((target): AudienceUpdate => ({ target, settings, changes }));
  return { kind: 'audience', updates, ...(failure !== undefined && { failure }) };
}

function rowCount({ changes }: ReadList): number {
  return changes.reduce((sum, { rows }) => sum + rows.length, 0);
}

/** One failure that names the entries: a record has one dead letter. */
function entriesFailure(lists: readonly ReadList[]): Failure | undefined {
  const problems = lists.flatMap((list) => list.problems);
  const [first] = problems;
  if (first === undefined) return undefined;
  const users = problems.length + lists.reduce((sum, list) => sum + list.changes.length, 0);
  const named = problems.slice(0, maxNamedEntries).map(nameOf).join('; ');
  const more = problems.length > maxNamedEntries ? `; and ${problems.length - maxNamedEntries} more` : '';
  const message = `${problems.length} of ${users} users can't be used: ${named}${more}.`;
  const entries = entriesText(problems.map(({ entry }) => entry));
  return {
    code: 'ENTRIES_REJECTED',
    field: 'users',
    message,
    rejected: problems.length,
    ...(first.failure.fix && { fix: first.failure.fix }),
    ...(entries !== undefined && { entries }),
  };
}

/** Nothing of the list can be used: the letter is about all of it. */
function wholly({ entries: _, ...failure }: Failure): Failure {
  return failure;
}

function nameOf({ entry, failure }: EntryProblem): string {
  return `${entry} (${failure.code})`;
}

function rejected(failure: Failure): Extract<ActionResult, { kind: 'rejected' }> {
  return { kind: 'rejected', failure };
}

const schemaUnknown = failureOf(
  'SCHEMA_FIELDS_UNKNOWN',
  'schema_fields',
  'None of the schema fields is a column of audiences.',
  'Name at least one of EXTERN_ID, EMAIL, PHONE, MADID, LN, FN, FI, GEN, DOBY, DOBM, DOBD, CT, ST, ZIP, COUNTRY.',
);
const operationUnknown = failureOf(
  'OPERATION_UNKNOWN',
  'operation',
  'The message has users, but no operation that is known.',
  'Map operation to create, add, remove or replace.',
);
const tooLarge = failureOf(
  'SESSION_TOO_LARGE',
  'users',
  `A list with a session id is one request, and holds more than ${maxRowsOfRequest} rows.`,
  'Send smaller lists, or none of the session ids: the connector then makes sessions of its own.',
);
const replaceInParts = failureOf(
  'REPLACE_IN_PARTS',
  'operation',
  'A replacement is one list in one event; this one has removals too, or is one of several batches.',
  'Send all users in one event, or replace them from a file with `meta-actions audiences replace`.',
);
const replaceEmpty = failureOf(
  'REPLACE_EMPTY',
  'users',
  'The replacement has no users, and would leave nobody in the audience.',
  'Send the users who are to be in the audience; to take somebody out, map operation to remove.',
);
const replaceTooLarge = failureOf(
  'REPLACE_TOO_LARGE',
  'users',
  'A replacement in one event takes at most 10,000 rows.',
  'Replace them from a file, of any length, with `meta-actions audiences replace`.',
);
const noUsers = failureOf(
  'NO_USERS',
  'users_add',
  'The event matches the trigger, but holds no list of users.',
  'Map users_add or users_remove, or narrow the trigger to the events that have lists.',
);
