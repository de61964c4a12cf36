import type { Failure } from '../../core/outcome.ts';
import { failureOf } from '../field-error.ts';

/** Meta, server event parameters. */
const actionSources: ReadonlySet<string> = new Set([
  'email',
  'website',
  'app',
  'phone_call',
  'chat',
  'physical_store',
  'system_generated',
  'business_messaging',
  'other',
]);

/**
 * Where the conversion happened: as mapped (any case); else `website` when there is a page's address, `app` when
 * `app_data` is complete, else `other`.
 */
export function actionSource(mapped: string | undefined, hasPage: boolean, isApp: boolean): string | Failure {
  if (mapped === undefined) return hasPage ? 'website' : isApp ? 'app' : 'other';
  if (actionSources.has(mapped)) return mapped;
  const lower = mapped.trim().toLowerCase();
  return actionSources.has(lower) ? lower : unknown;
}

const unknown = failureOf(
  'ACTION_SOURCE_UNKNOWN',
  'action_source',
  "The action source isn't one that Meta knows.",
  `Map action_source to one of ${[...actionSources].join(', ')}.`,
);
