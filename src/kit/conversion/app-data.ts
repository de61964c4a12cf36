import type { AnalyticsEvent } from '../../core/event.ts';
import { own } from '../../core/json.ts';
import type { AppDataFields } from './fields.ts';

/** Members that are sent as they are (Meta, app data parameters). */
const plainKeys = [
  'application_tracking_enabled',
  'campaign_ids',
  'install_referrer',
  'installer_package',
  'url_schemes',
  'vendor_id',
  'windows_attribution_id',
] as const;

/** The sixteen slots of extinfo in Meta's order; the first is the platform's version of the format. */
const slots = [
  'version',
  'package_name',
  'short_version',
  'long_version',
  'os_version',
  'model',
  'locale',
  'timezone_abbreviation',
  'carrier',
  'screen_width',
  'screen_height',
  'screen_density',
  'cpu_cores',
  'storage_size',
  'free_storage',
  'timezone',
] as const;

const known: ReadonlySet<string> = new Set<string>(['advertiser_tracking_enabled', 'extinfo', ...plainKeys, ...slots]);

/** `app_data` as it is sent, or the field because of which Meta would refuse it (error 2804043). */
export type AppData = { readonly data: Record<string, unknown> } | { readonly missing: string };

/** Builds `app_data`: whether tracking is allowed must be known, and so must the platform and its version. */
export function appData(fields: AppDataFields | undefined, event: AnalyticsEvent): AppData {
  if (fields === undefined) return { missing: 'app_data' };
  const tracking = fields.advertiser_tracking_enabled;
  if (tracking === undefined) return { missing: 'app_data.advertiser_tracking_enabled' };
  const extinfo = fields.extinfo ?? extinfoOf(fields, event);
  if (extinfo[0] !== 'a2' && extinfo[0] !== 'i2') return { missing: 'app_data.version' };
  if (extinfo[4] === '') return { missing: 'app_data.os_version' };
  const data: Record<string, unknown> = { advertiser_tracking_enabled: tracking, extinfo };
  for (const key of plainKeys) {
    if (fields[key] !== undefined) data[key] = fields[key];
  }
  for (const key of Object.keys(fields)) {
    if (!known.has(key)) data[key] = (fields as Readonly<Record<string, unknown>>)[key];
  }
  return { data };
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
