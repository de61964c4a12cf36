import { fileURLToPath } from 'node:url';
import type { Action } from '../core/action.ts';
import { loadActions } from '../kit/load-actions.ts';

/** The actions that come with the product. */
export async function loadBuiltInActions(): Promise<ReadonlyMap<string, Action>> {
  return loadActions(fileURLToPath(new URL('../../actions', import.meta.url)));
}
