import type { AnalyticsEvent } from '../../core/event.ts';
import { isObject, type JsonObject, own } from '../../core/json.ts';
import { columnNamed, personOf } from '../../core/person-columns.ts';
import { rowChangeOf } from '../../core/row-change.ts';
import { type Decoded, undecodable } from './decoded.ts';

/**
 * RudderStack's call for a row of a warehouse: `{type: "record", action, fields}`. As an event it is what reverse ETL
 * sends: a track call named `new`, `updated` or `deleted`, whose properties are the fields.
 */
export function recordCallOf(call: JsonObject): Decoded {
  const { fields, identifiers, action, context, ...rest } = call;
  const change = rowChangeOf(action);
  if (change === undefined)
    return undecodable('NOT_A_ROW', 'the record call has no "action" that is insert, update or delete');
  if (!isObject(fields) && !isObject(identifiers)) return undecodable('ROW_MISSING', 'the record call has no "fields"');
  const properties = { ...objectOf(identifiers), ...objectOf(fields) };
  const person = personOf(Object.entries(properties).map(([name, value]) => [columnNamed(name), value]));
  const audienceId = audienceIdOf(own(context, 'externalId'));
  const row = { op: action, person, ...(audienceId !== undefined && { audience_id: audienceId }) };
  const event = { ...rest, type: 'track', event: change, properties, context: { ...objectOf(context), row } };
  return { kind: 'event', event: event as AnalyticsEvent };
}

/** Where the row is to go: RudderStack names the audience behind the kind of the destination, `FB_CUSTOM_AUDIENCE-1202…`. */
function audienceIdOf(externalIds: unknown): string | undefined {
  if (!Array.isArray(externalIds)) return undefined;
  for (const externalId of externalIds) {
    const type = own(externalId, 'type');
    const id = typeof type === 'string' ? /^FB_CUSTOM_AUDIENCE-(\d{1,20})$/i.exec(type)?.[1] : undefined;
    if (id !== undefined) return id;
  }
  return undefined;
}

/**
 * RudderStack's call for lists of users: `{type: "audiencelist", properties: {listData: {add, remove}}}`. As an event it
 * is what its track calls for lists are: with `userListAdd` and `userListDelete`.
 */
export function audienceListCallOf(call: JsonObject): Decoded {
  const properties = objectOf(own(call, 'properties'));
  const { listData, ...others } = properties;
  const [add, remove] = [own(listData, 'add'), own(listData, 'remove')];
  const event = {
    event: 'audiencelist',
    ...call,
    type: 'track',
    properties: {
      ...others,
      ...(add !== undefined && { userListAdd: add }),
      ...(remove !== undefined && { userListDelete: remove }),
    },
  };
  return { kind: 'event', event: event as AnalyticsEvent };
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
