import type { AudienceChange, AudienceRequestSettings } from '../../core/audience.ts';
import type { Failure } from '../../core/outcome.ts';
import type { DestinationSettings } from '../../core/settings.ts';
import { failureOf } from '../field-error.ts';
import { numberOfText } from '../numeric.ts';
import { withValues } from './column-values.ts';
import { type ColumnOptions, type Columns, columnsOf, type PersonValues } from './columns.ts';
import type { RequestFields } from './fields/audience-target.ts';
import { identifyingRule, identityFailure } from './identity.ts';
import { readableColumns, withProcessing } from './request-settings.ts';
import { sizeFailure } from './row-size.ts';
import { changeOf } from './rows.ts';

export interface MemberOptions {
  readonly operation: 'add' | 'replace';
  readonly identity: ColumnOptions;
  readonly settings: AudienceRequestSettings;
  readonly processing?: RequestFields;
  /** The audience holds a value of each person. */
  readonly valueBased: boolean;
  /** The place in a list. */
  readonly entry?: string;
  /** Hears what became of the person's values. */
  found?(columns: Columns): void;
}

/** Somebody of a list or a file who is to be in an audience; or why they can't be. */
export function memberOf(
  person: PersonValues,
  options: MemberOptions,
  settings: DestinationSettings,
): AudienceChange | Failure {
  const found = columnsOf(person, options.identity);
  options.found?.(found);
  const current = withProcessing(readableColumns(found.columns, options.settings), options.processing ?? {});
  const refused = identityFailure(current, { settings });
  if (refused !== undefined) return refused;
  const value = worthOf(person['value']);
  if (value === 'invalid') return valueInvalid;
  if (value === undefined && options.valueBased) return valueMissing;
  const columns = value === undefined ? current : withValues(current, { LOOKALIKE_VALUE: [value] });
  const change = changeOf(options.operation, [columns], {
    entry: options.entry,
    rule: identifyingRule(settings),
  });
  if (change === undefined) throw new Error('somebody who is identified has no row');
  return sizeFailure(change, settings) ?? change;
}

function worthOf(given: unknown): number | 'invalid' | undefined {
  if (given === undefined) return undefined;
  const value = typeof given === 'string' ? numberOfText(given.trim()) : given;
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 'invalid';
}

const valueInvalid = failureOf(
  'VALUE_INVALID',
  'value',
  'the value is not a number of at least 0',
  'Send LOOKALIKE_VALUE as a number.',
);
const valueMissing = failureOf(
  'VALUE_MISSING',
  'value',
  'the audience is value-based, and the user has no value',
  'Send LOOKALIKE_VALUE with each user.',
);
