import type { JsonObject } from '../core/json.ts';
import { isObject, own } from '../core/json.ts';
import { type DestinationDraft, destinationName, type SubscriptionDraft } from './draft.ts';
import { isEnabled } from './enabled.ts';
import { reasons } from './reasons.ts';
import { namesSecret } from './secret-names.ts';
import { secretOf } from './secrets.ts';
import { type SegmentResource, textOf } from './segment-resources.ts';

/** The settings of a destination file, and the books of where they are from. */
export function segmentDestination(
  owner: SegmentResource | undefined,
  subscriptions: readonly SubscriptionDraft[],
  isAudience: boolean,
  taken: Set<string>,
): DestinationDraft {
  const kind = isAudience ? 'facebook-custom-audiences' : 'facebook-conversions';
  return {
    name: destinationName(textOf(owner?.value['name']) ?? kind, taken),
    enabled: owner === undefined || isEnabled(owner.value, owner.path, owner.ledger),
    settings: isAudience ? audienceSettings(owner) : conversionSettings(owner),
    subscriptions,
  };
}

function conversionSettings(owner: SegmentResource | undefined): JsonObject {
  const code = setting(owner, 'testEventCode', 'test_event_code', /^[\w-]{1,100}$/);
  return {
    pixel_id: setting(owner, 'pixelId', 'pixel_id', /^\d+$/) ?? '0',
    access_token: tokenOf(owner),
    ...(code !== undefined && { test_event_code: code }),
    integration_names: ['Facebook Conversions API (Actions)'],
  };
}

function audienceSettings(owner: SegmentResource | undefined): JsonObject {
  const account = setting(owner, 'retlAdAccountId', 'ad_account_id', /^(?:act_)?\d+$/);
  return {
    ...(account !== undefined && { ad_account_id: account }),
    access_token: tokenOf(owner),
    require_external_id: true,
    integration_names: ['Facebook Custom Audiences (Actions)', 'Facebook Custom Audiences'],
  };
}

/** A setting of this form; another needs a decision. */
function setting(owner: SegmentResource | undefined, key: string, to: string, form: RegExp): string | undefined {
  const given = own(own(owner?.value, 'settings'), key);
  if (owner === undefined || given === undefined) return undefined;
  const at = [...owner.path, 'settings', key];
  if (given === null || given === '') {
    owner.ledger.changed(at, reasons.emptyField);
    return undefined;
  }
  const text = String(given);
  if (!form.test(text)) {
    owner.ledger.decision(at, reasons.unknown);
    return undefined;
  }
  owner.ledger.carried(at, `settings.${to}`);
  return text;
}

/** Segment holds the tokens itself; one that stands among the settings is somebody's mistake, and isn't copied. */
function tokenOf(owner: SegmentResource | undefined): { readonly $env: string } {
  const variable = 'META_ACCESS_TOKEN';
  const settings = owner?.value['settings'];
  if (owner === undefined || !isObject(settings)) return { $env: variable };
  const key = Object.keys(settings).find(namesSecret);
  return key === undefined
    ? { $env: variable }
    : secretOf(settings[key], [...owner.path, 'settings', key], variable, owner.ledger);
}

/** What is said of a destination besides its settings. */
export function noteDestination({ value, path, ledger }: SegmentResource): void {
  for (const key of ['id', 'source_id', 'sourceId', 'metadata']) {
    if (Object.hasOwn(value, key) || ledger.isUnread([...path, key])) ledger.changed([...path, key], reasons.noMeaning);
  }
  if (Object.hasOwn(value, 'name')) ledger.carried([...path, 'name'], 'name');
}
