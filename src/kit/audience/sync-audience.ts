import type { ActionContext, ActionResult } from '../../core/action.ts';
import {
  type AudienceChange,
  type AudienceRequestSettings,
  identifyingKeys,
  type MembershipChange,
} from '../../core/audience.ts';
import type { Failure } from '../../core/outcome.ts';
import { failureOf } from '../field-error.ts';
import { type ColumnValues, noColumns, placeOf, valuesIn, withValues } from './column-values.ts';
import { type ColumnOptions, columnsOf, type PersonValues, versionsOf } from './columns.ts';
import type { SyncAudienceFields } from './fields/sync-audience.ts';
import {
  identifyingRule,
  identityFailure,
  identityOptions,
  warnAboutIdentifiers,
  warnAboutScopes,
} from './identity.ts';
import { computationKey, membershipOf, modeAllows } from './membership.ts';
import { plainTextFailure } from './not-hashed.ts';
import { readableColumns, requestSettings, withProcessing } from './request-settings.ts';
import { sizeFailure } from './row-size.ts';
import { changeOf, identifiesSomebody, identifyingVersion } from './rows.ts';
import { targetOf } from './target.ts';

/** Makes of one event the change of one person's membership: Sync Audience's `toPayload`. */
export function syncAudience(fields: SyncAudienceFields, context: ActionContext): ActionResult {
  const isMapped = context.mapped?.has('membership') === true;
  const operation = membershipOf(fields.membership, context.event, isMapped);
  if (operation === 'unknown') return rejected(membershipUnknown);
  if (operation === 'unsaid') {
    // A trait of Engage, which comes beside its audiences, is meant for something else.
    const meant = context.ownTrigger === true && computationKey(context.event) === undefined;
    if (!meant) return { kind: 'skipped', reason: 'no_membership' };
    return rejected(isMapped ? membershipEmpty : membershipUnsaid);
  }
  if (!modeAllows(fields.sync_mode ?? 'mirror', operation)) return { kind: 'skipped', reason: 'sync_mode' };
  const barred = operation === 'add' ? context.additionsBarred : undefined;
  if (barred !== undefined && fields.before === undefined) return { kind: 'skipped', reason: barred };

  const target = targetOf(fields, context);
  if ('code' in target) return rejected(target);
  const settings = requestSettings(fields);
  const plain = plainTextFailureOf(fields, context);
  if (plain !== undefined) return rejected(plain);
  const adds = barred === undefined;
  const { changes, failure } =
    operation === 'add' ? additionOf(fields, settings, context, adds) : removalOf(fields, settings, context);
  if (changes.length === 0 && failure !== undefined) return rejected(failure);
  for (const change of changes) {
    const tooLong = sizeFailure(change, context.settings);
    if (tooLong !== undefined) return rejected(tooLong);
  }
  if (changes.length === 0) return { kind: 'skipped', reason: barred ?? 'no_membership' };
  return { kind: 'audience', updates: [{ target, settings, changes }], ...(failure !== undefined && { failure }) };
}

interface Changes {
  readonly changes: readonly AudienceChange[];
  /** Why the person can't be added, or removed. */
  readonly failure?: Failure;
}

/**
 * An addition, if it is allowed, after the removal of the identifiers that the person no longer has. Those leave also where
 * nothing is left to add the person by.
 */
function additionOf(
  fields: SyncAudienceFields,
  settings: AudienceRequestSettings,
  context: ActionContext,
  allowed: boolean,
): Changes {
  const { columns } = read(valuesOf(fields), fields, 'add', settings, context);
  const old = fields.before === undefined ? [] : obsolete(columns, fields, settings, context);
  if (!allowed) return { changes: old };
  const failure = identityFailure(columns, context) ?? valueFailure(fields);
  if (failure !== undefined) return { changes: old, failure };
  const valued = fields.value === undefined ? columns : withValues(columns, { LOOKALIKE_VALUE: [fields.value] });
  const added = changeOf('add', [withProcessing(valued, fields)], { rule: identifyingRule(context.settings) });
  if (added === undefined) return { changes: old };
  return { changes: old.length === 0 ? [added] : [...old, added] };
}

/** Everything that the event says of the person, and of who they were before: each alone may be what Meta knows. */
function removalOf(fields: SyncAudienceFields, settings: AudienceRequestSettings, context: ActionContext): Changes {
  const now = read(valuesOf(fields), fields, 'remove', settings, context);
  const before = fields.before === undefined ? undefined : read(fields.before, fields, 'remove', settings, context);
  const rule = identifyingRule(context.settings);
  const current = identifiesSomebody(now.columns, rule) || before === undefined ? now : before;
  const failure = identityFailure(current.columns, context);
  if (failure !== undefined) return { changes: [], failure };
  const versions = [...current.versions, ...(before === undefined || before === current ? [] : before.versions)];
  const removed = changeOf(
    'remove',
    versions.map((columns) => withProcessing(columns, fields)),
    { rule },
  );
  return { changes: removed === undefined ? [] : [removed] };
}

/** The removal of identifiers that the row had before and hasn't now. */
function obsolete(
  now: ColumnValues,
  fields: SyncAudienceFields,
  settings: AudienceRequestSettings,
  context: ActionContext,
): readonly AudienceChange[] {
  const { versions } = read(fields.before ?? {}, fields, 'remove', settings, context);
  const gone = versions.map((columns) => {
    const kept = noColumns.slice();
    for (const key of identifyingKeys) {
      const known = valuesIn(now, key);
      const values = valuesIn(columns, key)?.filter((value) => known?.includes(value) !== true) ?? [];
      if (values.length > 0) kept[placeOf(key)] = values;
    }
    return kept;
  });
  const removed = changeOf('remove', gone);
  return removed === undefined ? [] : [removed];
}

/** A person of the event under each version of the rules that the operation must reach. */
function read(
  person: PersonValues,
  fields: SyncAudienceFields,
  operation: MembershipChange,
  settings: AudienceRequestSettings,
  context: ActionContext,
): { readonly columns: ColumnValues; readonly versions: readonly ColumnValues[] } {
  const identity = identityOf(person, fields, context);
  const [currentRules, ...earlierRules] = versionsOf(operation, context.settings);
  const found = columnsOf(person, identity, currentRules);
  warnAboutIdentifiers(found, context);
  warnAboutScopes(found.columns, settings, context);
  if (person !== fields.before) context.identified?.(found.statuses);
  const current = readableColumns(found.columns, settings);
  const earlier = earlierRules.map((rules) => readableColumns(columnsOf(person, identity, rules).columns, settings));
  const versions = [current, ...earlier];
  return { columns: identifyingVersion(versions, identifyingRule(context.settings)) ?? noColumns, versions };
}

function identityOf(person: PersonValues, fields: SyncAudienceFields, context: ActionContext): ColumnOptions {
  // Values before an update often lack the country that phone numbers were read by.
  return identityOptions(person['country'] === undefined ? valuesOf(fields) : person, context, fields.format);
}

function plainTextFailureOf(fields: SyncAudienceFields, context: ActionContext): Failure | undefined {
  // Most are hashed here: then there is no need to find out how identifiers are read.
  if (fields.hash !== false) return undefined;
  const now = plainTextFailure(valuesOf(fields), fields, identityOf(valuesOf(fields), fields, context));
  const { before } = fields;
  return now ?? (before && plainTextFailure(before, fields, identityOf(before, fields, context)));
}

function valuesOf(fields: SyncAudienceFields): PersonValues {
  return fields as unknown as PersonValues;
}

function valueFailure(fields: SyncAudienceFields): Failure | undefined {
  return fields.value_based === true && fields.value === undefined ? valueMissing : undefined;
}

function rejected(failure: Failure): ActionResult {
  return { kind: 'rejected', failure };
}

const membershipUnknown = failureOf(
  'MEMBERSHIP_UNKNOWN',
  'membership',
  'The mapped membership is no word for an addition or a removal.',
  'Map true or false, add or remove, entered or exited; translate other words with @map.',
);
const membershipUnsaid = failureOf(
  'MEMBERSHIP_UNSAID',
  'membership',
  'The event matches the trigger, but does not say whether the person joins or leaves.',
  'Map membership, or narrow the trigger to the events that say it.',
);
const membershipEmpty = failureOf(
  'MEMBERSHIP_UNSAID',
  'membership',
  'The event holds nothing where the mapping looks for the membership, and its name alone adds nobody.',
  'Say in the mapping what nothing means, for example `{ "@first": [{ "@path": … }, false] }`, or narrow the trigger.',
);
const valueMissing = failureOf(
  'VALUE_MISSING',
  'value',
  'The audience is value-based, and the person has no value.',
  'Map value to a number of at least 0.',
);
