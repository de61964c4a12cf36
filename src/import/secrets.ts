import type { Keys } from './input.ts';
import type { Ledger } from './ledger.ts';
import { reasons } from './reasons.ts';

/** How an export may refer to a secret: `env.NAME`, `{{ .NAME }}`, `${NAME}`. */
const reference = /^(?:env\.|\{\{\s*\.?|\$\{?)([A-Za-z_][A-Za-z0-9_]{0,99})\s*(?:\}\}|\})?$/;

/** What stands in the file in place of a secret; the value goes nowhere. */
export function secretOf(value: unknown, path: Keys, variable: string, ledger: Ledger): { readonly $env: string } {
  const named = typeof value === 'string' ? reference.exec(value.trim())?.[1] : undefined;
  const $env = named === undefined || /^EAA[A-Za-z0-9]{16}/.test(named) ? variable : named;
  const remarks = { to: `settings: { "$env": "${$env}" }` };
  if (named !== undefined || value === null || value === '') ledger.changed(path, reasons.secretReference, remarks);
  else ledger.changed(path, reasons.clearSecret, remarks);
  return { $env };
}
