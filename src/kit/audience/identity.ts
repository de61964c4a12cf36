import type { ActionContext } from '../../core/action.ts';
import type { Failure } from '../../core/outcome.ts';
import { failureOf } from '../field-error.ts';
import type { ColumnFindings, ColumnOptions, PersonValues } from './columns.ts';
import { type ColumnValues, identifiesSomebody } from './rows.ts';

/** What a person's values are read by: their own country first, then the destination's. */
export function identityOptions(
  person: PersonValues,
  { settings, now }: Pick<ActionContext, 'settings' | 'now'>,
): ColumnOptions {
  const countries: unknown = person['country'];
  const country: unknown = Array.isArray(countries) ? countries[0] : countries;
  return {
    ...(typeof country === 'string' && { country }),
    defaultCountry: settings.defaultCountry,
    dateOrder: settings.dateOrder,
    hashExternalId: settings.audiences?.hashExternalId,
    now,
  };
}

/** Why the columns can't be sent, if so: nothing in them tells who it is. */
export function identityFailure(
  columns: ColumnValues,
  { settings }: Pick<ActionContext, 'settings'>,
): Failure | undefined {
  if (settings.audiences?.requireExternalId === true && !columns.has('EXTERN_ID')) return externalIdMissing;
  return identifiesSomebody(columns) ? undefined : noIdentifier;
}

export function warnAboutIdentifiers(found: ColumnFindings, context: ActionContext): void {
  for (const field of found.junk) {
    const message = `${field} holds a filler such as "-" or "n/a", which identifies nobody: left out.`;
    context.warn({ code: 'IDENTIFIER_JUNK', field, message });
  }
  for (const field of found.unusable) {
    context.warn({ code: 'IDENTIFIER_UNUSABLE', field, message: `${field} can't be read as what it is: left out.` });
  }
}

const noIdentifier = failureOf(
  'NO_IDENTIFIER',
  'external_id',
  'Nothing tells who the person is: no usable external id, e-mail, phone, advertising id or page-scoped id.',
  'Map one of external_id, em, ph, madid, or page_scoped_user_id with page_ids.',
);
const externalIdMissing = failureOf(
  'EXTERNAL_ID_MISSING',
  'external_id',
  'The person has no external id, which the destination requires.',
  'Map external_id, or take require_external_id out of the settings.',
);
