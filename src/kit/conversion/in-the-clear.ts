import { createHash } from 'node:crypto';
import type { ActionContext } from '../../core/action.ts';
import type { JsonObject } from '../../core/json.ts';
import { holdsIdentifier, isIdentifier, withoutIdentifiersInText } from '../../identity/identifier-text.ts';
import { nothingStripped, type Stripped, textWithoutIdentifiers, withoutIdentifiers } from '../privacy/strip.ts';
import { withoutIdentifiersInUrl } from '../privacy/url.ts';

/** What taking identifiers out of an event looks at. */
export type ClearContext = Pick<ActionContext, 'settings' | 'inTheClear' | 'warn'>;

/** True where the destination or the subscription says that the field is sent as it is. */
function isAllowed(field: string, { settings, inTheClear }: ClearContext): boolean {
  return !settings.stripIdentifiers || inTheClear.has(field);
}

/** The text as it may be sent; undefined where it holds an identifier. */
export function clearText(field: string, text: string, context: ClearContext): string | undefined {
  // Looked at first: most texts hold nothing, and to ask who is allowed to costs more.
  const rest = textWithoutIdentifiers(text);
  if (rest === text || isAllowed(field, context)) return text;
  warnStripped(field, undefined, context);
  return rest;
}

/** The address of a page without what identifies somebody. */
export function clearUrl(field: string, url: string, context: ClearContext): string | undefined {
  const rest = withoutIdentifiersInUrl(url);
  if (rest === url || isAllowed(field, context)) return url;
  warnStripped(field, undefined, context);
  return rest === '' ? undefined : rest;
}

/** A name can't be left out: what identifies somebody is cut out of it. */
export function clearName(name: string, context: ClearContext): string {
  if (!holdsIdentifier(name) || isAllowed('event_name', context)) return name;
  warnStripped('event_name', undefined, context);
  const rest = withoutIdentifiersInText(name);
  return rest === '' ? 'Custom Event' : rest;
}

/** An id by which Meta recognises the event can't be left out either: one that is an identifier is hashed. */
export function clearEventId(id: string, context: ClearContext): string {
  if (!isIdentifier(id) || isAllowed('event_id', context)) return id;
  warnStripped('event_id', undefined, context);
  return createHash('sha256').update(id).digest('hex');
}

/** An identifier of the event that Meta takes as it is: an id, which must not be an address or a phone number. */
export function clearId(field: string, id: string, context: ClearContext): string | undefined {
  if (!isIdentifier(id) || isAllowed(field, context)) return id;
  warnStripped(field, undefined, context);
  return undefined;
}

/** An object as it may be sent; `known` has the members whose names are Meta's. */
export function clearObject(field: string, object: JsonObject, context: ClearContext, known?: object): JsonObject {
  if (!context.settings.stripIdentifiers) return object;
  const found = nothingStripped();
  const { inTheClear } = context;
  const allows = inTheClear.size === 0 ? undefined : (place: string) => inTheClear.has(place);
  const rest = withoutIdentifiers(object, field, found, { allows, known });
  if (found.count > 0) warnStripped(field, found, context);
  return rest;
}

function warnStripped(field: string, found: Stripped | undefined, context: ClearContext): void {
  const values = found === undefined || found.count === 1 ? 'a value' : `${found.count} values`;
  const places = found === undefined || found.places.length === 0 ? '' : ` (${found.places.join(', ')})`;
  const message = `${field} held ${values} that may identify a person${places}: taken out.`;
  context.warn({ code: 'IDENTIFIER_STRIPPED', field, message });
}
