import type { ActionContext } from '../../core/action.ts';
import type { AudienceCreation, AudienceTarget } from '../../core/audience.ts';
import type { Failure } from '../../core/outcome.ts';
import { failureOf } from '../field-error.ts';
import type { TargetFields } from './fields/audience-target.ts';

const digits = /^\d{1,20}$/;
/** Meta: custom audiences; longer names are cut or refused. */
const longestName = 255;

/** What is known besides the fields: the destination's settings, and which of the fields come from the mapping itself. */
type TargetContext = Pick<ActionContext, 'settings' | 'fixedFields'>;

/** Which audience the fields name: an id wins over a name. */
export function targetOf(fields: TargetFields, { settings, fixedFields }: TargetContext): AudienceTarget | Failure {
  const ofEvent = (name: 'audience_id' | 'audience_name' | 'ad_account_id') =>
    fixedFields !== undefined && bare(fields[name]) !== bare(fixedFields[name]);
  if (fields.audience_id !== undefined) {
    return withId(fields.audience_id.trim(), ofEvent('audience_id'));
  }
  const name = fields.audience_name?.trim() ?? '';
  if (name === '') return noAudience;
  if (name.length > longestName) return nameTooLong;
  const adAccountId = accountOf(fields.ad_account_id) ?? settings.adAccountId;
  if (adAccountId === undefined) return noAccount;
  if (adAccountId === 'invalid') return invalidAccount;
  const create = fields.create_audience === false ? undefined : creationOf(fields);
  const fromEvent = adAccountId !== settings.adAccountId && ofEvent('ad_account_id');
  return {
    ...{ kind: 'name', name, adAccountId },
    ...(create !== undefined && { create }),
    ...(fromEvent && { fromEvent }),
    ...(ofEvent('audience_name') && { nameFromEvent: true }),
  };
}

function withId(id: string, fromEvent: boolean): AudienceTarget | Failure {
  if (id === lastWithId.id && fromEvent === (lastWithId.fromEvent === true)) return lastWithId;
  if (!digits.test(id)) return invalidId;
  lastWithId = fromEvent ? { kind: 'id', id, fromEvent } : { kind: 'id', id };
  return lastWithId;
}

/** Nearly always that of the next event, too: thousands of changes that wait share it. */
let lastWithId: Extract<AudienceTarget, { readonly kind: 'id' }> = { kind: 'id', id: '0' };

/** An id as it compares: it may be written as a number, with white space, with `act_`. */
function bare(id: unknown): string {
  return String(id ?? '')
    .trim()
    .replace(/^act_/i, '');
}

/** With `act_`, however it was given. */
export function accountOf(given: string | undefined): string | undefined {
  if (given === undefined || given.trim() === '') return undefined;
  const id = given.trim().replace(/^act_/i, '');
  return digits.test(id) ? `act_${id}` : 'invalid';
}

function creationOf(fields: TargetFields): AudienceCreation {
  return {
    customerFileSource: fields.customer_file_source ?? 'USER_PROVIDED_ONLY',
    ...(fields.audience_description !== undefined && { description: fields.audience_description }),
    ...(fields.retention_days !== undefined && { retentionDays: fields.retention_days }),
    valueBased: fields.value_based === true,
  };
}

const invalidId = failureOf(
  'AUDIENCE_ID_INVALID',
  'audience_id',
  'The audience id is not a number of at most 20 digits.',
  'Map the id that Meta Ads Manager shows for the audience, as text.',
);
const noAudience = failureOf(
  'AUDIENCE_MISSING',
  'audience_id',
  'The event names no audience.',
  'Map audience_id, or audience_name with an ad account.',
);
const nameTooLong = failureOf(
  'AUDIENCE_NAME_TOO_LONG',
  'audience_name',
  `The name of the audience has more than ${longestName} characters.`,
  'Map a shorter name.',
);
const noAccount = failureOf(
  'AD_ACCOUNT_MISSING',
  'ad_account_id',
  'An audience is named, but no ad account to look for it in.',
  'Set `settings.ad_account_id` in the destination file, or map ad_account_id.',
);
const invalidAccount = failureOf(
  'AD_ACCOUNT_INVALID',
  'ad_account_id',
  'The ad account is not a number, with or without act_.',
  'Map the account id that Meta Ads Manager shows.',
);
