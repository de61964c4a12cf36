import type { AnalyticsEvent } from '../../core/event.ts';
import { own } from '../../core/json.ts';
import { generatedCopy } from '../generated-copy.ts';
import { type ClearContext, clearText } from './in-the-clear.ts';
import { type AppDataFields, appFields, plainAppFields, slotFields } from './fields/app-data.ts';

const slots = Object.keys(slotFields) as readonly (keyof typeof slotFields)[];
const copyPlain = generatedCopy(Object.keys(plainAppFields));
const known: ReadonlySet<string> = new Set(Object.keys(appFields.app_data.properties));

/** `app_data` as it is sent, or the field because of which Meta would refuse it (error 2804043). */
export type AppData = { readonly data: Record<string, unknown> } | { readonly missing: string };

type AppContext = ClearContext & { readonly event: AnalyticsEvent };

/** Builds `app_data`: whether tracking is allowed must be known, and so must the platform and its version. */
export function appData(fields: AppDataFields | undefined, context: AppContext): AppData {
  if (fields === undefined) return { missing: 'app_data' };
  const tracking = fields.advertiser_tracking_enabled;
  if (tracking === undefined) return { missing: 'app_data.advertiser_tracking_enabled' };
  const extinfo = clearSlots(fields.extinfo ?? extinfoOf(fields, context.event), context);
  if (extinfo[0] !== 'a2' && extinfo[0] !== 'i2') return { missing: 'app_data.version' };
  if (extinfo[4] === '') return { missing: 'app_data.os_version' };
  const data: Record<string, unknown> = { advertiser_tracking_enabled: tracking, extinfo };
  copyPlain(fields, data);
  for (const key of Object.keys(fields)) {
    if (!known.has(key)) data[key] = fields[key];
  }
  return { data };
}

/** What identifies somebody leaves its slot blank: Meta refuses fewer than sixteen. */
function clearSlots(extinfo: readonly string[], context: ClearContext): readonly string[] {
  if (context.inTheClear.has('app_data')) return extinfo;
  return extinfo.map((slot) => clearText('app_data.extinfo', slot, context) ?? '');
}

function extinfoOf(fields: AppDataFields, event: AnalyticsEvent): readonly string[] {
  const extinfo: string[] = [];
  for (const slot of slots) extinfo.push(fields[slot] ?? '');
  extinfo[0] ||= platformVersion(event);
  return extinfo;
}

/** `a2` for Android, `i2` for iOS, else blank, by the event's device and operating system. */
function platformVersion(event: AnalyticsEvent): string {
  const context = own(event, 'context');
  return versionOf(own(own(context, 'device'), 'type')) || versionOf(own(own(context, 'os'), 'name'));
}

function versionOf(name: unknown): string {
  if (typeof name !== 'string') return '';
  switch (name.toLowerCase()) {
    case 'android':
      return 'a2';
    case 'ios':
    case 'ipados':
    case 'iphone os':
      return 'i2';
    default:
      return '';
  }
}
