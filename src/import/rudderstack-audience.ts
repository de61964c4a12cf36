import type { JsonObject } from '../core/json.ts';
import type { DestinationDraft } from './draft.ts';
import { reasons } from './reasons.ts';
import { rudderReasons } from './rudderstack-reasons.ts';
import type { RudderDestination } from './rudderstack-resources.ts';
import {
  consentOf,
  idSetting,
  noteConnection,
  noteOff,
  secretSetting,
  switchSetting,
  textsOf,
} from './rudderstack-settings.ts';

/** The columns of a person in calls of RudderStack's reverse ETL, by the fields that they are here. */
const personFields = ['external_id', 'em', 'ph', 'madid', 'fn', 'ln', 'ge', 'db', 'doby', 'ct', 'st', 'zp', 'country'];

/** The destination file of Facebook Custom Audience: lists of people in calls, and records of a warehouse. */
export function rudderAudience(destination: RudderDestination, name: string): DestinationDraft {
  const audience = idSetting(destination, 'audienceId', 'audience_id');
  const columns = columnsOf(destination);
  const flags = flagsOf(destination);
  const { isHashed, ...options } = flags;
  const rowAudience = { '@path': '$.context.row.audience_id' };
  return {
    name,
    enabled: destination.enabled,
    settings: settingsOf(destination, isHashed),
    subscriptions: [
      {
        name: 'User lists',
        action: 'sync-audience-list',
        enabled: true,
        trigger: 'type = "track" and (properties.userListAdd != null or properties.userListDelete != null)',
        mapping: {
          ...(audience !== undefined && { audience_id: audience }),
          ...(columns.length > 0 && { schema_fields: columns }),
          ...options,
        },
      },
      {
        name: 'Records',
        action: 'sync-audience',
        enabled: true,
        trigger: 'type = "track" and event in ["new", "updated", "deleted"] and context.row.op != null',
        mapping: {
          audience_id: audience === undefined ? rowAudience : { '@first': [rowAudience, audience] },
          ...Object.fromEntries(personFields.map((field) => [field, { '@path': `$.context.row.person.${field}` }])),
          ...options,
        },
      },
    ],
  };
}

function settingsOf(destination: RudderDestination, isHashed: boolean): JsonObject {
  const account = idSetting(destination, 'adAccountId', 'settings.ad_account_id');
  const secret = secretSetting(destination, 'appSecret', 'META_APP_SECRET');
  const consent = consentOf(destination);
  const count = destination.setting('maxUserCount');
  if (count !== undefined) destination.ledger.changed(count.path, rudderReasons.userCount);
  noteConnection(destination);
  return {
    ...(account !== undefined && { ad_account_id: account }),
    access_token: secretSetting(destination, 'accessToken', 'META_ACCESS_TOKEN') ?? { $env: 'META_ACCESS_TOKEN' },
    ...(secret !== undefined && { app_secret: secret }),
    hash_external_id: isHashed,
    integration_names: ['Facebook Custom Audience'],
    ...(consent !== undefined && { consent }),
  };
}

function columnsOf(destination: RudderDestination): readonly string[] {
  const setting = destination.setting('userSchema');
  if (setting === undefined) return [];
  const columns = textsOf(setting.value);
  if (columns.length === 0) noteOff(setting, destination);
  else destination.ledger.carried(setting.path, 'schema_fields');
  destination.origins.set('schema_fields', setting.path);
  return columns;
}

interface Flags {
  readonly isHashed: boolean;
  readonly hash?: false;
  readonly format?: false;
  readonly is_raw?: true;
  readonly data_source?: JsonObject;
}

function flagsOf(destination: RudderDestination): Flags {
  const hashing = destination.setting('isHashRequired');
  const isHashed = hashing?.value !== false;
  if (hashing !== undefined) destination.ledger.changed(hashing.path, rudderReasons.hashing, { to: 'hash' });
  const isPlain = switchSetting(destination, 'disableFormat', 'format');
  const isRaw = switchSetting(destination, 'isRaw', 'is_raw');
  const source = dataSource(destination);
  return {
    isHashed,
    ...(!isHashed && { hash: false }),
    ...(isPlain && { format: false }),
    ...(isRaw && { is_raw: true }),
    ...(source !== undefined && { data_source: source }),
  };
}

/** `NA` says nothing. */
function dataSource(destination: RudderDestination): JsonObject | undefined {
  const members = (['type', 'subType'] as const).flatMap((key) => {
    const setting = destination.setting(key);
    if (setting === undefined) return [];
    const [text] = textsOf(setting.value);
    if (text === undefined || text === 'NA') {
      destination.ledger.changed(setting.path, reasons.emptyField);
      return [];
    }
    const member = key === 'type' ? 'type' : 'sub_type';
    destination.ledger.carried(setting.path, `data_source.${member}`);
    destination.origins.set('data_source', setting.path);
    return [[member, text] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}
