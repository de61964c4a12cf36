import type { ActionContext, ActionResult, ConversionEvent } from '../../core/action.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Failure } from '../../core/outcome.ts';
import { failureOf } from '../field-error.ts';
import { generatedCopy } from '../generated-copy.ts';
import { actionSource } from './action-source.ts';
import { type AppData, appData } from './app-data.ts';
import { addCustomData } from './custom-data.ts';
import { addDataProcessing } from './data-processing.ts';
import { eventId } from './event-id.ts';
import { nameWarning } from './event-name.ts';
import { eventTime, sendableTime } from './event-time.ts';
import { addExtra, addExtraUserData } from './extra.ts';
import { appFields } from './fields/app-data.ts';
import type { ConversionFields } from './fields/conversion.ts';
import { eventFields, plainEventFields } from './fields/event.ts';
import { clearEventId, clearName, clearObject, clearUrl } from './in-the-clear.ts';
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

function build(given: ConversionFields, context: ActionContext): ActionResult | Failure {
  const fields = withClearName(given, context);
  const app = appData(fields.app_data, context);
  const source = actionSource(fields.action_source, fields.event_source_url !== undefined, 'data' in app);
  if (source === 'app' && 'missing' in app) return appDataInvalid(app.missing);

  const time = sendableTime(eventTime(fields.event_time, context), source, context);
  if ('code' in time) return time;

  const event = eventOf(fields, source, time.seconds, context);
  addDataProcessing(event, fields, context);
  const draft: Draft = { fields, actionSource: source, user: {}, custom: {} };
  addUserData(draft.user, fields, time.happened, context);
  const refused = addCustomData(draft.custom, fields, context) ?? requirementFailure(draft, context);
  if (refused !== undefined) return refused;

  event['user_data'] = draft.user;
  if (Object.keys(draft.custom).length > 0) event['custom_data'] = draft.custom;
  if (source === 'app' && 'data' in app)
    event['app_data'] = clearObject('app_data', app.data, context, appFields.app_data.properties);
  addExtra(event, fields.extra, context);
  warnAbout(fields, source, app, context);
  const result = { kind: 'conversion', event: event as unknown as ConversionEvent, expiresAt: time.expiresAt } as const;
  if (fields.test_event_code === undefined && fields.upload_tag === undefined) return result;
  return {
    ...result,
    ...(fields.test_event_code !== undefined && { testEventCode: fields.test_event_code }),
    ...(fields.upload_tag !== undefined && { uploadTag: clearEventId(fields.upload_tag, context) }),
  };
}

/** What is left of a name may be a standard event's, with its rules. */
function withClearName(fields: ConversionFields, context: ActionContext): ConversionFields {
  const name = clearName(fields.event_name, context);
  return name === fields.event_name ? fields : { ...fields, event_name: name };
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
    event_id: clearEventId(eventId(fields.event_id, context.event, context.record, context.warn), context),
    action_source: source,
  };
  if (source !== 'business_messaging') addUrl(event, 'event_source_url', fields.event_source_url, context);
  addUrl(event, 'referrer_url', fields.referrer_url, context);
  copyPlain(fields, event);
  const { original_event_data: original, attribution_data: attribution } = fields;
  if (original !== undefined) {
    event['original_event_data'] = clearObject(
      'original_event_data',
      originalEvent(original, context),
      context,
      original,
    );
  }
  if (attribution !== undefined) {
    event['attribution_data'] = clearObject(
      'attribution_data',
      attribution,
      context,
      eventFields.attribution_data.properties,
    );
  }
  return event;
}

function addUrl(event: Record<string, unknown>, name: string, url: string | undefined, context: ActionContext): void {
  const clear = url === undefined ? undefined : clearUrl(name, url, context);
  if (clear !== undefined) event[name] = clear;
}

/** Its name and its id are what they were when it was sent. */
function originalEvent(
  fields: NonNullable<ConversionFields['original_event_data']>,
  context: ActionContext,
): JsonObject {
  const { event_name: name, event_id: id, event_time: time } = fields;
  return {
    ...fields,
    ...(name !== undefined && { event_name: clearName(name, context) }),
    ...(id !== undefined && { event_id: clearEventId(id, context) }),
    ...(time !== undefined && { event_time: Math.floor(time / 1000) }),
  };
}

function addUserData(user: UserData, fields: ConversionFields, millis: number, context: ActionContext): void {
  const occasion = { pageUrl: fields.event_source_url, referrer: fields.referrer_url, millis };
  const statuses = addIdentifiers(user, fields, occasion, context);
  const lead = leadId(fields.lead_id);
  if (lead !== undefined) statuses['lead_id'] = lead === 'unusable' ? lead : 'plain';
  context.identified?.(statuses);
  if (lead === 'unusable') context.warn(leadIdUnusable);
  else if (lead !== undefined) user['lead_id'] = lead.id;
  addExtraUserData(user, fields.extra, context);
}

const leadIdUnusable = {
  code: 'IDENTIFIER_UNUSABLE',
  field: 'lead_id',
  message: 'The lead id has not the 15 to 17 digits of those that Meta gives (a JSON number loses digits): left out.',
};

function warnAbout(fields: ConversionFields, source: string, app: AppData, context: ActionContext): void {
  const name = nameWarning(fields.event_name);
  if (name !== undefined) context.warn(name);
  if (source === 'business_messaging' && fields.event_source_url !== undefined) context.warn(urlForbidden);
  if (source === 'app') return;
  if ('data' in app) context.warn(appDataUnused);
  else if (saysOfApp(fields.app_data)) context.warn(appDataIncomplete);
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

/** What no website says; the rest of app data is known of every browser. */
function saysOfApp(data: ConversionFields['app_data']): boolean {
  return data?.advertiser_tracking_enabled !== undefined || data?.extinfo !== undefined;
}

const appDataIncomplete = {
  code: 'APP_DATA_LEFT_OUT',
  field: 'app_data',
  message: 'The app data lacks whether tracking is allowed, the platform or its version: left out.',
};

/** Error 2804043. */
function appDataInvalid(field: string): Failure {
  const message = 'An app event needs to say whether tracking is allowed, the platform (a2 or i2) and its version.';
  return failureOf('APP_DATA_INVALID', field, message, `Map ${field}.`);
}
