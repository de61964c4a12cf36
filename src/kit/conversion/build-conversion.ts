import type { ActionContext, ActionResult, ConversionEvent } from '../../core/action.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Failure } from '../../core/outcome.ts';
import { actionSource } from './action-source.ts';
import { appData } from './app-data.ts';
import { addCustomData } from './custom-data.ts';
import { addDataProcessing } from './data-processing.ts';
import { eventId } from './event-id.ts';
import { nameWarning } from './event-name.ts';
import { eventTime, sendableTime } from './event-time.ts';
import { addExtra, addExtraUserData } from './extra.ts';
import { failureOf } from '../field-error.ts';
import { generatedCopy } from '../generated-copy.ts';
import type { ConversionFields } from './fields/conversion.ts';
import { plainEventFields } from './fields/event.ts';
import { leadId } from './lead-id.ts';
import { type Draft, requirementFailure } from './requirements.ts';
import { addIdentifiers, type UserData } from './user-data.ts';

/**
 * Makes an event of the Conversions API of checked fields: completes it by what can be derived, normalizes and hashes
 * the identifiers, and refuses what Meta would surely refuse, before it spoils a request. Every conversion action's
 * `toPayload`.
 */
export function buildConversion(fields: ConversionFields, context: ActionContext): ActionResult {
  const result = build(fields, context);
  if ('kind' in result) return result;
  const dropped = result.code === 'EVENT_TOO_OLD' && context.settings.tooOld === 'drop';
  return dropped ? { kind: 'skipped', reason: 'too_old' } : { kind: 'rejected', failure: result };
}

function build(fields: ConversionFields, context: ActionContext): ActionResult | Failure {
  const app = appData(fields.app_data, context.event);
  const source = actionSource(fields.action_source, fields.event_source_url !== undefined, 'data' in app);
  if (typeof source !== 'string') return source;
  if (source === 'app' && 'missing' in app) return appDataInvalid(app.missing);

  const time = sendableTime(eventTime(fields.event_time, context), source, context.now);
  if ('code' in time) return time;

  const event = eventOf(fields, source, time.seconds, context);
  const draft: Draft = { fields, actionSource: source, user: {}, custom: {} };
  const refused =
    addDataProcessing(event, fields) ??
    addUserData(draft.user, fields, time.happened, context) ??
    addCustomData(draft.custom, fields, context) ??
    requirementFailure(draft, context);
  if (refused !== undefined) return refused;

  event['user_data'] = draft.user;
  if (Object.keys(draft.custom).length > 0) event['custom_data'] = draft.custom;
  if (source === 'app' && 'data' in app) event['app_data'] = app.data;
  addExtra(event, fields.extra, context);
  warnAbout(fields, source, 'data' in app, context);
  const result = { kind: 'conversion', event: event as unknown as ConversionEvent, expiresAt: time.expiresAt } as const;
  return fields.test_event_code === undefined ? result : { ...result, testEventCode: fields.test_event_code };
}

const copyPlain = generatedCopy(Object.keys(plainEventFields));

function eventOf(
  fields: ConversionFields,
  source: string,
  seconds: number,
  context: ActionContext,
): Record<string, unknown> {
  const event: Record<string, unknown> = {
    event_name: fields.event_name,
    event_time: seconds,
    event_id: eventId(fields.event_id, context.event, context.record),
    action_source: source,
  };
  if (source !== 'business_messaging' && fields.event_source_url !== undefined) {
    event['event_source_url'] = fields.event_source_url;
  }
  copyPlain(fields, event);
  if (fields.original_event_data !== undefined)
    event['original_event_data'] = originalEvent(fields.original_event_data);
  return event;
}

function originalEvent(fields: NonNullable<ConversionFields['original_event_data']>): JsonObject {
  if (fields.event_time === undefined) return { ...fields };
  return { ...fields, event_time: Math.floor(fields.event_time / 1000) };
}

function addUserData(
  user: UserData,
  fields: ConversionFields,
  millis: number,
  context: ActionContext,
): Failure | undefined {
  const occasion = { pageUrl: fields.event_source_url, referrer: fields.referrer_url, millis };
  const statuses = addIdentifiers(user, fields, occasion, context);
  const lead = leadId(fields.lead_id);
  if (lead !== undefined) statuses['lead_id'] = typeof lead === 'object' ? 'unusable' : 'plain';
  context.identified?.(statuses);
  if (typeof lead === 'object') return lead;
  if (lead !== undefined) user['lead_id'] = lead;
  addExtraUserData(user, fields.extra, context);
  return undefined;
}

function warnAbout(fields: ConversionFields, source: string, appComplete: boolean, context: ActionContext): void {
  const name = nameWarning(fields.event_name);
  if (name !== undefined) context.warn(name);
  if (source === 'business_messaging' && fields.event_source_url !== undefined) context.warn(urlForbidden);
  if (source !== 'app' && appComplete) context.warn(appDataUnused);
}

/** Error 2804064. */
const urlForbidden = {
  code: 'EVENT_SOURCE_URL_LEFT_OUT',
  field: 'event_source_url',
  message: 'Meta refuses a page address in business messaging events: left out.',
};

const appDataUnused = {
  code: 'APP_DATA_LEFT_OUT',
  field: 'app_data',
  message: 'The event has complete app data, but its action source is not app: left out.',
};

/** Error 2804043. */
function appDataInvalid(field: string): Failure {
  const message = 'An app event needs to say whether tracking is allowed, the platform (a2 or i2) and its version.';
  return failureOf('APP_DATA_INVALID', field, message, `Map ${field}.`);
}
