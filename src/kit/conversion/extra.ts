import type { ActionContext } from '../../core/action.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { eventFields } from './fields/event.ts';
import { clearObject } from './in-the-clear.ts';
import { type UserData, userDataKeys } from './user-data.ts';

/** Members of an event that have a field of their own, or that follow from fields. */
const eventKeys: ReadonlySet<string> = new Set([...Object.keys(eventFields), 'app_data']);

/**
 * Adds to the event what `extra` holds and no field does: what Meta adds tomorrow. A member that has a field of its
 * own is left out with a warning, since it would go past that field's checks, and an identifier past the hashing.
 * (`extra.custom_data` is added where custom data is built.)
 */
export function addExtra(event: Record<string, unknown>, extra: JsonObject | undefined, context: ActionContext): void {
  if (extra === undefined) return;
  const clear = clearObject('extra', withoutParts(extra), context);
  for (const key of Object.keys(clear)) {
    if (eventKeys.has(key)) warnIgnored(key, context);
    else event[key] = clear[key];
  }
}

/** Adds members of `extra.user_data` that have no field. */
export function addExtraUserData(user: UserData, extra: JsonObject | undefined, context: ActionContext): void {
  const added = extra?.['user_data'];
  if (!isObject(added)) return;
  for (const key of Object.keys(added)) {
    if (userDataKeys.has(key)) warnIgnored(key, context);
    else Object.assign(user, clearObject('extra.user_data', { [key]: added[key] }, context));
  }
}

function withoutParts({ user_data: _, custom_data: __, ...event }: JsonObject): JsonObject {
  return event;
}

function warnIgnored(key: string, context: ActionContext): void {
  const message = `extra holds ${key}, which has a field of its own: map that field. It was left out.`;
  context.warn({ code: 'EXTRA_IGNORED', field: key, message });
}
