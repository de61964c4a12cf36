import type { Action } from '../core/action.ts';
import { apisOf, endingText, lifeOf, newestApiVersion, warningOf } from '../core/api-versions.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { isObject, own } from '../core/json.ts';

/** Warnings about the end of the version that the destination uses, for what it uses it for. */
export function apiVersionWarnings(
  file: unknown,
  actions: ReadonlyMap<string, Action>,
  now: number,
): readonly Diagnostic[] {
  const settings = own(file, 'settings');
  const listed = own(file, 'subscriptions');
  if (!isObject(settings) || !Array.isArray(listed)) return [];
  const given = own(settings, 'api_version');
  const version = given ?? newestApiVersion;
  if (typeof version !== 'string') return [];
  const enabled = listed.flatMap((item) => {
    const action = actions.get(String(own(item, 'action')));
    return action === undefined || own(item, 'enabled') === false ? [] : [{ action }];
  });
  return apisOf(enabled).flatMap((api): readonly Diagnostic[] => {
    const life = lifeOf(version, api, now);
    if (life === undefined || warningOf(life) === undefined) return [];
    const path = given === undefined ? ['settings'] : ['settings', 'api_version'];
    return [{ severity: 'warning', code: 'API_VERSION_ENDS', path, ...endingText(version, life) }];
  });
}
