import { isObject, type JsonObject, own } from '../core/json.ts';
import { quote } from '../trigger/quoted.ts';
import { reasons, type Reason } from './reasons.ts';
import { rudderReasons } from './rudderstack-reasons.ts';
import type { RudderDestination, Setting } from './rudderstack-resources.ts';
import { secretOf } from './secrets.ts';

/** A list of texts, whatever member of its items they stand in. */
export function textsOf(value: unknown, ...members: readonly string[]): readonly string[] {
  if (!Array.isArray(value)) return typeof value === 'string' && value.trim() !== '' ? [value.trim()] : [];
  return value.flatMap((item: unknown) => {
    const text = isObject(item) ? members.map((member) => item[member]).find((each) => typeof each === 'string') : item;
    return typeof text === 'string' && text.trim() !== '' ? [text.trim()] : [];
  });
}

/** Says that a setting is off or empty, and so is not there. */
export function noteOff({ path }: Setting, { ledger }: RudderDestination): void {
  ledger.changed(path, reasons.emptyField);
}

/** An id in digits; anything else, a variable say, needs a decision. */
export function idSetting(destination: RudderDestination, name: string, to: string): string | undefined {
  const setting = destination.setting(name);
  if (setting === undefined) return undefined;
  const { value, path } = setting;
  // Reverse ETL has an account for its own kind of sources.
  const text = String(isObject(value) ? (own(value, 'warehouse') ?? '') : (value ?? '')).trim();
  if (text === '') noteOff(setting, destination);
  else if (/^(?:act_)?\d+$/.test(text)) {
    destination.ledger.carried(path, to);
    return text;
  } else destination.ledger.decision(path, rudderReasons.placeholder, { detail: `write it to \`${to}\`.` });
  return undefined;
}

export function secretSetting(
  destination: RudderDestination,
  name: string,
  variable: string,
): { readonly $env: string } | undefined {
  const setting = destination.setting(name);
  if (setting === undefined) return undefined;
  if (setting.value === '' || setting.value === null) {
    noteOff(setting, destination);
    return undefined;
  }
  return secretOf(setting.value, setting.path, variable, destination.ledger);
}

function isOn(setting: Setting | undefined): boolean {
  return setting?.value === true || setting?.value === 'true';
}

/** Notes a switch: what it becomes where it is on. True if it is. */
export function switchSetting(destination: RudderDestination, name: string, to: string, reason?: Reason): boolean {
  const setting = destination.setting(name);
  if (setting === undefined) return false;
  const on = isOn(setting);
  if (!on) noteOff(setting, destination);
  else if (reason === undefined) destination.ledger.carried(setting.path, to);
  else destination.ledger.changed(setting.path, reason, { to });
  return on;
}

const denied = 'context.consentManagement.deniedConsentIds';

/** The expression by which whoever has denied what is asked for is left out. */
export function consentOf(destination: RudderDestination): string | undefined {
  const conditions = new Set<string>();
  const any = (names: readonly string[], word: 'and' | 'or') => {
    if (names.length > 0)
      conditions.add(`not (${names.map((name) => `${quote(name)} in ${denied}`).join(` ${word} `)})`);
  };
  for (const name of ['oneTrustCookieCategories', 'ketchConsentPurposes', 'ketchPurposes']) {
    const setting = destination.setting(name);
    if (setting === undefined) continue;
    const names = consentNames(setting.value);
    any(names, 'or');
    note(setting, names.length > 0);
  }
  const setting = destination.setting('consentManagement');
  if (setting !== undefined) {
    const before = conditions.size;
    for (const provider of providersOf(setting.value)) {
      const strategy = own(provider, 'resolutionStrategy') ?? own(provider, 'resolution_strategy');
      // By "or" one consent is enough, so that all must be denied.
      any(consentNames(provider['consents']), strategy === 'or' ? 'and' : 'or');
    }
    note(setting, conditions.size > before);
  }
  return conditions.size === 0 ? undefined : [...conditions].join(' and ');

  function note(each: Setting, isUsed: boolean): void {
    if (isUsed) destination.ledger.changed(each.path, rudderReasons.consent, { to: 'settings.consent' });
    else noteOff(each, destination);
  }
}

function consentNames(value: unknown): readonly string[] {
  return textsOf(value, 'consent', 'oneTrustCookieCategory', 'purpose', 'ketchPurpose');
}

/** By the type of the source, or a list for all. */
function providersOf(value: unknown): readonly JsonObject[] {
  const lists = isObject(value) ? Object.values(value) : [value];
  return lists.flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : []));
}

/** What tells by which way events came there. */
export function noteConnection(destination: RudderDestination): void {
  const mode = destination.setting('connectionMode');
  const usesDevice = (value: unknown) =>
    isObject(value) && Object.values(value).some((each) => each === 'device' || each === true);
  if (mode !== undefined)
    destination.ledger.changed(mode.path, usesDevice(mode.value) ? rudderReasons.device : rudderReasons.connection);
  const native = destination.setting('useNativeSDK');
  if (native === undefined) return;
  if (usesDevice(native.value)) destination.ledger.decision(native.path, rudderReasons.device);
  else destination.ledger.changed(native.path, rudderReasons.connection);
}
