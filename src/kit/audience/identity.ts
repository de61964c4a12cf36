import type { ActionContext, Warning } from '../../core/action.ts';
import type { AudienceRequestSettings } from '../../core/audience.ts';
import type { Failure } from '../../core/outcome.ts';
import { failureOf } from '../field-error.ts';
import type { ColumnFindings, ColumnOptions, PersonValues } from './columns.ts';
import { type ColumnValues, hasColumn } from './column-values.ts';
import { type IdentifyingRule, identifiesSomebody } from './rows.ts';

/**
 * What a person's values are read by: their own country first, then the destination's.
 *
 * @param format As `ColumnOptions.format`.
 */
export function identityOptions(
  person: PersonValues,
  { settings, now, inTheClear }: Pick<ActionContext, 'settings' | 'now'> & Partial<Pick<ActionContext, 'inTheClear'>>,
  format?: boolean,
): ColumnOptions {
  const countries: unknown = person['country'];
  const country: unknown = Array.isArray(countries) ? countries[0] : countries;
  return {
    audience: true,
    country: typeof country === 'string' ? country : undefined,
    defaultCountry: settings.defaultCountry,
    dateOrder: settings.dateOrder,
    hashExternalId: settings.audiences?.hashExternalId,
    idsInClear: !settings.stripIdentifiers || inTheClear?.has('external_id') === true,
    now,
    format,
  };
}

export function identifyingRule({ audiences }: ActionContext['settings']): IdentifyingRule {
  return audiences?.identifying ?? 'strict';
}

/** Why the columns can't be sent, if so: nothing in them tells who it is. */
export function identityFailure(
  columns: ColumnValues,
  { settings }: Pick<ActionContext, 'settings'>,
): Failure | undefined {
  if (settings.audiences?.requireExternalId === true && !hasColumn(columns, 'EXTERN_ID')) return externalIdMissing;
  return identifiesSomebody(columns, identifyingRule(settings)) ? undefined : noIdentifier;
}

export function warnAboutIdentifiers(found: ColumnFindings, context: ActionContext): void {
  for (const field of found.junk) {
    const message = `${field} holds a filler such as "-" or "n/a", which identifies nobody: left out.`;
    context.warn({ code: 'IDENTIFIER_JUNK', field, message });
  }
  for (const field of found.unusable) {
    context.warn({ code: 'IDENTIFIER_UNUSABLE', field, message: `${field} can't be read as what it is: left out.` });
  }
  for (const field of found.concealed) {
    const message = `${field} is an e-mail address or a phone number, and is sent hashed.`;
    context.warn({ code: 'EXTERNAL_ID_HASHED', field, message });
  }
}

/** Ids that Meta can't read without knowing whose they are. */
export function warnAboutScopes(
  columns: ColumnValues,
  settings: AudienceRequestSettings,
  context: ActionContext,
): void {
  if (hasColumn(columns, 'APPUID') && settings.appIds === undefined) context.warn(appIdsMissing);
  if (hasColumn(columns, 'PAGEUID') && settings.pageIds?.length !== 1) context.warn(pageIdMissing);
}

const appIdsMissing: Warning = {
  code: 'SCOPED_ID_LEFT_OUT',
  field: 'app_user_id',
  message: 'app_user_id is left out: Meta reads it only with the app in app_ids.',
};
const pageIdMissing: Warning = {
  code: 'SCOPED_ID_LEFT_OUT',
  field: 'page_scoped_user_id',
  message: 'page_scoped_user_id is left out: Meta reads it only with the one page in page_ids.',
};

const noIdentifier = failureOf(
  'NO_IDENTIFIER',
  'external_id',
  'Nothing tells who the person is: no usable external id, e-mail, phone, advertising id, page-scoped or app-scoped id.',
  'Map one of external_id, em, ph, madid, page_scoped_user_id with page_ids, or app_user_id with app_ids. Names with a zip, country or birthday are enough only with `identifying: meta` in the settings.',
);
const externalIdMissing = failureOf(
  'EXTERNAL_ID_MISSING',
  'external_id',
  'The person has no external id, which the destination requires.',
  'Map external_id, or take require_external_id out of the settings.',
);
