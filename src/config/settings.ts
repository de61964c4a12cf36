import { newestApiVersion } from '../core/api-versions.ts';
import type { AudienceSettings, DestinationSettings } from '../core/settings.ts';
import type { DestinationFile } from './destination-schema.ts';
import type { Environment } from './environment.ts';
import { secretOf } from './secret.ts';

/** The settings of a checked file with their defaults. `folder` is where the paths of secrets start. */
export function settingsOf(file: DestinationFile, folder: string, environment: Environment): DestinationSettings {
  const { settings } = file;
  const account = settings.ad_account_id;
  return {
    accessToken: secretOf(settings.access_token, folder, environment),
    ...(settings.app_secret !== undefined && { appSecret: secretOf(settings.app_secret, folder, environment) }),
    ...(settings.pixel_id !== undefined && { pixelId: settings.pixel_id }),
    ...(account !== undefined && { adAccountId: account.startsWith('act_') ? account : `act_${account}` }),
    apiVersion: settings.api_version ?? newestApiVersion,
    batch: {
      maxEvents: settings.batch?.max_events ?? 1000,
      maxRows: settings.batch?.max_rows ?? 10_000,
      maxBytes: settings.batch?.max_bytes ?? 4 * 1024 * 1024,
      ...(settings.batch?.linger_ms !== undefined && { lingerMillis: settings.batch.linger_ms }),
      idleLingerMillis: settings.batch?.idle_linger_ms ?? 10,
    },
    ...(settings.test_event_code !== undefined && { testEventCode: settings.test_event_code }),
    ...(settings.partner_agent !== undefined && { partnerAgent: settings.partner_agent }),
    ...(settings.upload_tag !== undefined && { uploadTag: settings.upload_tag }),
    requirements: settings.requirements ?? 'warn',
    ...(settings.default_country !== undefined && { defaultCountry: settings.default_country.toLowerCase() }),
    ...(settings.date_order !== undefined && { dateOrder: settings.date_order }),
    tooOld: settings.too_old ?? 'dead_letter',
    stripIdentifiers: settings.strip_identifiers ?? true,
    integrationNames: settings.integration_names ?? [],
    ...(settings.on_blocked === 'park' && { onBlocked: 'park' }),
    ...(settings.on_blocked === 'dead_letter' && {
      onBlocked: { deadLetterAfterMillis: (settings.on_blocked_after_minutes ?? 60) * 60_000 },
    }),
    ...(settings.fuse !== undefined && {
      rejectionRate: settings.fuse && { share: settings.fuse.share ?? 0.5, minimum: settings.fuse.minimum ?? 200 },
    }),
    audiences: audienceSettingsOf(settings),
    ...(settings.max_rejected_per_batch !== undefined && { maxRejectedPerBatch: settings.max_rejected_per_batch }),
  };
}

function audienceSettingsOf(settings: DestinationFile['settings']): AudienceSettings {
  const { hash_external_id, require_external_id, identifying, identity } = settings;
  return {
    ...(hash_external_id !== undefined && { hashExternalId: hash_external_id }),
    ...(require_external_id !== undefined && { requireExternalId: require_external_id }),
    ...(identifying !== undefined && { identifying }),
    ...(identity?.removal_versions !== undefined && { removalVersions: identity.removal_versions }),
  };
}
