import type { Action } from '../core/action.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { own } from '../core/json.ts';
import { suggest } from '../core/suggest.ts';
import type { Report } from './document.ts';

/** What a subscription sends as it is, and what there is to say about that. */
export interface InTheClear {
  readonly fields: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads `in_the_clear` of a subscription; `validate` names each field of it, since people are told nothing else. */
export function inTheClearOf(value: unknown, action: Action | undefined): InTheClear {
  const places = Array.isArray(value) ? value.filter((place) => typeof place === 'string') : [];
  const diagnostics = places.map((place, index) => diagnosticOf(place, ['in_the_clear', index], action));
  return { fields: new Set(places), diagnostics };
}

/** What there is to say of a destination that takes nothing out of what it sends. */
export function reportStripping(file: unknown, report: Report): void {
  if (own(own(file, 'settings'), 'strip_identifiers') !== false) return;
  report({
    severity: 'warning',
    code: 'STRIPPING_OFF',
    path: ['settings', 'strip_identifiers'],
    message:
      'with strip_identifiers false, e-mail addresses, phone numbers and names in custom_data, page addresses and ids are sent to Meta as they are',
    fix: 'take the setting out, and name single fields in in_the_clear of a subscription',
  });
}

function diagnosticOf(place: string, path: readonly (string | number)[], action: Action | undefined): Diagnostic {
  const name = place.split('.', 1)[0] ?? '';
  const fields = action?.definition.fields ?? {};
  if (action !== undefined && !Object.hasOwn(fields, name)) {
    const meant = suggest(name, Object.keys(fields));
    const fix = meant === undefined ? 'name a field of the action, or a member such as custom_data.user_id' : undefined;
    const message = `the action "${action.key}" has no field "${name}"`;
    return { severity: 'error', code: 'UNKNOWN_FIELD', path, message, fix: fix ?? `did you mean "${meant}"?` };
  }
  if (fields[name]?.hashed === true) {
    const message = `Meta takes "${name}" hashed only`;
    return { severity: 'error', code: 'HASHED_ONLY', path, message, fix: `take "${name}" out of in_the_clear` };
  }
  return {
    severity: 'warning',
    code: 'SENT_IN_CLEAR',
    path,
    message: `"${place}" is sent as it is, also where it identifies a person`,
    fix: 'take it out of in_the_clear if that is not meant',
  };
}
