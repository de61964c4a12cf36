import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectorError, messageOf } from '../core/errors.ts';
import { clashesOf, type Route } from './clashes.ts';
import { type ConfiguredDestination, type LoadContext, loadDestination } from './destination.ts';
import type { Problem } from './document.ts';

export interface LoadedDestinations {
  readonly destinations: readonly ConfiguredDestination[];
  readonly problems: readonly Problem[];
  readonly files: readonly string[];
}

/**
 * Loads a destination file, or every top-level `*.json` of a folder in the order of their names.
 *
 * @throws ConnectorError `MAPPINGS_NOT_FOUND` when there is no such file or nothing in the folder.
 */
export function loadDestinations(path: string, context: LoadContext): LoadedDestinations {
  const files = filesAt(path);
  const destinations: ConfiguredDestination[] = [];
  const problems: Problem[] = [];
  const routes: Route[] = [];
  for (const file of files) {
    const loaded = loadDestination(file, readText(file), context);
    problems.push(...loaded.problems, ...clashesBetween(loaded.routes, routes));
    routes.push(...loaded.routes);
    const { destination } = loaded;
    if (destination === undefined) continue;
    const twin = destinations.find((other) => other.name === destination.name);
    if (twin === undefined) destinations.push(destination);
    else problems.push(sameName(file, destination.name, twin.file));
  }
  return { destinations, problems, files };
}

/** Pairs within one file are reported with the file. */
function clashesBetween(routes: readonly Route[], before: readonly Route[]): readonly Problem[] {
  return routes.flatMap((route) => clashesOf([route], before));
}

function sameName(file: string, name: string, other: string): Problem {
  return {
    severity: 'error',
    file,
    line: 1,
    column: 1,
    code: 'DUPLICATE_DESTINATION',
    message: `${other} has a destination of the name "${name}" too`,
    fix: 'give each destination a name of its own',
    source: '',
  };
}

function filesAt(path: string): readonly string[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    throw new ConnectorError(
      'MAPPINGS_NOT_FOUND',
      `no mappings at ${path} (${messageOf(error)}): give the file or folder with --mappings`,
    );
  }
  if (!isFolder) return [path];
  const files = readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(path, name));
  if (files.length === 0)
    throw new ConnectorError(
      'MAPPINGS_NOT_FOUND',
      `the folder ${path} holds no .json file: put one destination file into it, or give another folder with --mappings`,
    );
  return files;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new ConnectorError('MAPPINGS_NOT_FOUND', `${file} can't be read (${messageOf(error)})`);
  }
}
