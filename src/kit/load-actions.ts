import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Action } from '../core/action.ts';
import { ConnectorError, messageOf } from '../core/errors.ts';
import { checkDefinition } from './check-definition.ts';
import { compileAction } from './compile-action.ts';

/**
 * Every action of a folder, by key: each `.ts` or `.js` file directly in it, whose name without extension is the key
 * and whose default export is the definition. Rejects with a `ConnectorError` that names the folder or the file.
 */
export async function loadActions(folder: string): Promise<ReadonlyMap<string, Action>> {
  const files = (await entriesOf(folder)).filter(isActionFile).map((entry) => entry.name);
  const actions = new Map<string, Action>();
  for (const file of files.sort()) {
    const action = await loadAction(join(folder, file));
    if (actions.has(action.key)) {
      throw new ConnectorError(
        'ACTION_TWICE',
        `${join(folder, file)}: there is another file of this name. Remove one.`,
      );
    }
    actions.set(action.key, action);
  }
  return actions;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const message = `The folder of actions ${folder} can't be read: ${messageOf(error)}`;
    throw new ConnectorError('ACTIONS_UNREADABLE', message, {}, error);
  }
}

function isActionFile(entry: Dirent): boolean {
  return entry.isFile() && /\.[jt]s$/.test(entry.name) && !entry.name.endsWith('.d.ts');
}

async function loadAction(path: string): Promise<Action> {
  const module = await importModule(path);
  const definition = checkDefinition(path, module['default']);
  try {
    return compileAction(parse(path).name, definition);
  } catch (error) {
    throw new ConnectorError('ACTION_INVALID', `${path}: its fields can't be compiled: ${messageOf(error)}`, {}, error);
  }
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    throw new ConnectorError('ACTION_UNREADABLE', `${path} can't be loaded: ${messageOf(error)}`, {}, error);
  }
}
