import type { JsonObject } from '../core/json.ts';
import type { Keys } from './input.ts';
import type { Ledger } from './ledger.ts';
import { reasons } from './reasons.ts';

/**
 * Whether it is on there, and so here. Without a word it is; what says it in a way that isn't understood is off, and needs
 * a decision: nothing is sent that nobody asked for.
 */
export function isEnabled(value: JsonObject, path: Keys, ledger: Ledger): boolean {
  const at = [...path, 'enabled'];
  const { enabled } = value;
  if (ledger.isUnread(at)) return false;
  if (enabled === undefined) return true;
  if (enabled === true) ledger.carried(at, '(nothing: it is on)');
  else if (enabled === false) ledger.changed(at, reasons.disabled, { to: 'enabled' });
  else ledger.decision(at, reasons.unclearSwitch, { to: 'enabled' });
  return enabled === true;
}
