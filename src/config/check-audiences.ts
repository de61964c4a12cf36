import type { Diagnostic } from '../core/diagnostic.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';
import type { Report } from './document.ts';
import { feedsAudiences } from '../core/subscription.ts';
import type { ValidSubscription } from './subscription.ts';

/** Words of a trigger that selects what Engage sends, which names audience and ad account in each event. */
const ofEngage = /personas|audience_key/;

/** What a subscription of an audience action would fail on with every event: its audience, the ad account, ids of no use. */
export function reportAudiences(
  file: unknown,
  valid: readonly (ValidSubscription & { readonly index: number })[],
  report: Report,
) {
  for (const { subscription, index } of valid) {
    if (!feedsAudiences(subscription)) continue;
    const base = ['subscriptions', index];
    for (const diagnostic of problemsOf(own(file, 'settings'), subscription)) report(diagnostic, base);
  }
}

function problemsOf(
  settings: unknown,
  { mapping, trigger, action }: ValidSubscription['subscription'],
): readonly Diagnostic[] {
  const names = (...fields: readonly string[]) => fields.some((field) => mapping[field] !== undefined);
  const found: Diagnostic[] = [...tableProblems(own(mapping, 'audiences')), ...scopeProblems(mapping)];
  const hasId = names('audience_id', 'audiences');
  const comesWithEvent = ofEngage.test(trigger) || action.definition.fields['users'] !== undefined;
  if (!hasId && !names('audience_name') && !comesWithEvent) found.push(audienceUnnamed);
  const hasAccount = own(settings, 'ad_account_id') !== undefined || names('ad_account_id');
  if (!hasId && names('audience_name') && !hasAccount && !ofEngage.test(trigger)) found.push(accountMissing);
  return found;
}

/** Ids in the table of audiences: a number beyond 2^53 has lost digits before anybody could read it. */
function tableProblems(table: unknown): readonly Diagnostic[] {
  if (!isObject(table)) return [];
  return Object.entries(table).flatMap(([event, ids]) =>
    (Array.isArray(ids) ? ids : [ids]).flatMap((id: unknown): readonly Diagnostic[] => {
      const digits = typeof id === 'string' ? id : Number.isSafeInteger(id) ? String(id) : '';
      if (isObject(id) || /^\d{1,20}$/.test(digits.trim())) return [];
      const path = ['mapping', 'audiences', event];
      const message = `the audience of the event "${event}" is no id`;
      const fix = 'write the digits that Meta Ads Manager shows, in quotes';
      return [{ severity: 'error', code: 'LITERAL_INVALID', path, message, fix }];
    }),
  );
}

function scopeProblems(mapping: JsonObject): readonly Diagnostic[] {
  const pairs = [
    ['app_user_id', 'app_ids'],
    ['page_scoped_user_id', 'page_ids'],
  ] as const;
  return pairs.flatMap(([id, owner]): readonly Diagnostic[] => {
    if (own(mapping, id) === undefined || own(mapping, owner) !== undefined) return [];
    const message = `"${id}" is left out of every row: Meta reads it only with "${owner}"`;
    return [{ severity: 'warning', code: 'SCOPED_ID_LEFT_OUT', path: ['mapping', id], message, fix: `map "${owner}"` }];
  });
}

const audienceUnnamed: Diagnostic = {
  severity: 'warning',
  code: 'AUDIENCE_UNNAMED',
  path: [],
  message: 'the mapping names no audience, so that only events of Engage, which bring its name, change one',
  fix: 'map "audience_id", or "audience_name" with an ad account',
};

const accountMissing: Diagnostic = {
  severity: 'error',
  code: 'AD_ACCOUNT_MISSING',
  path: ['mapping', 'audience_name'],
  message: 'an audience is named, but no ad account to look for it in',
  fix: 'add "ad_account_id" to the settings, or map it',
};
