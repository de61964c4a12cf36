import type { JsonObject } from '../core/json.ts';
import type { Keys } from './input.ts';
import type { Ledger } from './ledger.ts';
import { reasons } from './reasons.ts';
import { namesSecret } from './secret-names.ts';
import { secretOf } from './secrets.ts';

const variable = 'META_ACCESS_TOKEN';

/** The settings of a destination file from a form whose labels say pixel or account, token, and test event code. */
export function formSettings(form: JsonObject, path: Keys, ledger: Ledger, isAudience: boolean): JsonObject {
  const find = (matches: (label: string) => boolean) => Object.entries(form).find(([label]) => matches(label));
  const token = find(namesSecret);
  const code = testCode(find((label) => /^test[\s_]*event/i.test(label)));
  const account = isAudience
    ? idOf(
        find((label) => /account/i.test(label)),
        'ad_account_id',
      )
    : undefined;
  const pixel = isAudience
    ? undefined
    : idOf(
        find((label) => /pixel|dataset/i.test(label)),
        'pixel_id',
      );
  return {
    ...(!isAudience && { pixel_id: pixel ?? '0' }),
    ...(account !== undefined && { ad_account_id: account }),
    access_token: token === undefined ? { $env: variable } : secretOf(token[1], [...path, token[0]], variable, ledger),
    ...(code !== undefined && !isAudience && { test_event_code: code }),
  };

  function idOf(entry: readonly [string, unknown] | undefined, to: string): string | undefined {
    if (entry === undefined) return undefined;
    const at = [...path, entry[0]];
    const text = String(entry[1] ?? '');
    if (/^(?:act_)?\d+$/.test(text)) {
      ledger.carried(at, `settings.${to}`);
      return text;
    }
    ledger.decision(at, reasons.unknown);
    return undefined;
  }

  function testCode(entry: readonly [string, unknown] | undefined): string | undefined {
    if (entry === undefined) return undefined;
    const [label, text] = entry;
    if (typeof text === 'string' && /^[\w-]{1,100}$/.test(text)) {
      ledger.changed([...path, label], reasons.testCode, { to: 'settings.test_event_code' });
      return text;
    }
    ledger.changed([...path, label], reasons.emptyField);
    return undefined;
  }
}
