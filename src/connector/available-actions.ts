import { fileURLToPath } from 'node:url';
import type { Action } from '../core/action.ts';
import { ConnectorError } from '../core/errors.ts';
import { loadActions } from '../kit/load-actions.ts';

/** The actions that come with the product, by key. */
export async function loadBuiltInActions(): Promise<ReadonlyMap<string, Action>> {
  return loadActions(fileURLToPath(new URL('../../actions', import.meta.url)));
}

/**
 * The actions that come with the product, and those of a folder of your own.
 *
 * @throws ConnectorError `ACTION_TWICE` where a file of the folder has the name of an action of the product: a mapping
 * must mean the same with and without the folder. `ACTIONS_UNREADABLE`, `ACTION_UNREADABLE`, `ACTION_INVALID` with the
 * folder or file.
 */
export async function loadAvailableActions(folder?: string): Promise<ReadonlyMap<string, Action>> {
  const builtIn = await loadBuiltInActions();
  if (folder === undefined) return builtIn;
  const own = await loadActions(folder);
  const taken = [...own.keys()].find((key) => builtIn.has(key));
  if (taken !== undefined) {
    throw new ConnectorError(
      'ACTION_TWICE',
      `${folder}: the product has an action "${taken}". Give the file another name.`,
    );
  }
  return new Map([...builtIn, ...own]);
}
