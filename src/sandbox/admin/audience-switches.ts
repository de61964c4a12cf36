import { ConnectorError } from '../../core/errors.ts';
import { allTerms } from '../audiences/ad-accounts.ts';
import { type Audience, flaggedStatus, normalStatus, replacingStatus } from '../audiences/audience.ts';
import { operationStatuses } from '../audiences/audience-fields.ts';
import { type AudienceStore, seedProperties } from '../audiences/audience-store.ts';
import { type JsonMembers, jsonMembers } from '../graph/json-members.ts';

/**
 * Changes an audience, or creates one with this id. For an invalid switch it throws `SANDBOX_REQUEST`, which names the
 * member, and changes nothing.
 */
export function switchAudience(store: AudienceStore, id: string, value: unknown): Audience {
  if (!/^\d+$/.test(id)) throw new ConnectorError('SANDBOX_REQUEST', 'audience: the id must be digits');
  const members = jsonMembers(value, 'audience');
  const known = store.find(id);
  const given = known === undefined ? readGiven(members) : undefined;
  const change = readChange(members);
  members.done();
  const audience = known ?? store.create({ ...seedProperties, ...given, id, accountId: given?.accountId ?? '1' });
  if (audience === undefined) throw new ConnectorError('SANDBOX_REQUEST', 'audience: there are too many');
  change(audience);
  return audience;
}

/** What can only be set when an audience is created. */
function readGiven(members: JsonMembers) {
  const [accountId, name, subtype] = [members.text('account_id'), members.text('name'), members.text('subtype')];
  const isValueBased = members.flag('is_value_based');
  return {
    ...(accountId === undefined ? {} : { accountId }),
    ...(name === undefined ? {} : { name }),
    ...(subtype === undefined ? {} : { subtype }),
    ...(isValueBased === undefined ? {} : { isValueBased }),
  };
}

function readChange(members: JsonMembers): (audience: Audience) => void {
  const status = readStatus(members);
  const delivery = members.number('delivery_status', 0);
  const count = members.number('approximate_count', 0);
  const terms = members.oneOf('terms', allTerms);
  const shared = members.flag('shared');
  const editable = members.flag('editable');
  const deleted = members.flag('deleted');
  const refused = readRefused(members.objects('invalid'));
  return (audience) => {
    if (status !== undefined) setStatus(audience, status);
    if (delivery !== undefined) audience.deliveryStatus = delivery === 0 ? undefined : delivery;
    if (count !== undefined) audience.approximateCount = count;
    if (terms !== undefined) audience.terms = terms;
    if (shared !== undefined) audience.shared = shared;
    if (editable !== undefined) audience.editable = editable;
    if (deleted !== undefined) audience.deleted = deleted;
    if (refused !== undefined) audience.refusedValues = refused;
  };
}

/** A replacement does not outlive a status that is set by hand. */
function setStatus(audience: Audience, status: number): void {
  if (status !== replacingStatus) audience.replacement = undefined;
  audience.operationStatus = status;
}

function readStatus(members: JsonMembers): number | undefined {
  const flagged = members.flag('flagged');
  const status = members.number('operation_status', 0);
  if (status !== undefined && !operationStatuses.includes(status)) {
    const known = operationStatuses.join(', ');
    throw new ConnectorError('SANDBOX_REQUEST', `audience: operation_status must be one of ${known}`);
  }
  if (status !== undefined || flagged === undefined) return status;
  return flagged ? flaggedStatus : normalStatus;
}

/** Values that make a row invalid: `{"values": ["u-7"], "reason": "…"}`, or a list with a reason each. */
function readRefused(members: readonly JsonMembers[] | undefined): ReadonlyMap<string, string> | undefined {
  return members === undefined ? undefined : new Map(members.flatMap(refusedOf));
}

function refusedOf(members: JsonMembers): readonly (readonly [value: string, reason: string])[] {
  const values = members.texts('values') ?? [];
  const reason = members.text('reason') ?? 'invalid hash format';
  members.done();
  return values.map((value) => [value, reason]);
}
