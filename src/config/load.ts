import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectorError, messageOf } from '../core/errors.ts';
import { collisionsOf, type Route } from './collisions.ts';
import { type ConfiguredDestination, type LoadContext, loadDestination } from './destination.ts';
import type { Problem } from './document.ts';
import { hasErrors } from './problems.ts';

export interface LoadedDestinations {
  readonly destinations: readonly ConfiguredDestination[];
  readonly problems: readonly Problem[];
  readonly files: readonly string[];
}

/**
 * Loads a destination file, or every top-level `*.json` of a folder in the order of their names; tests of mappings
 * (`*.test.json`) and hidden files, such as those that editors and Macs leave behind, are no destinations.
 *
 * @throws ConnectorError `MAPPINGS_NOT_FOUND` when there is no such file or nothing in the folder, `MAPPINGS_OFF` when all
 * that is there is switched off.
 */
export function loadDestinations(path: string, context: LoadContext): LoadedDestinations {
  const files = mappingFiles(path);
  const destinations: ConfiguredDestination[] = [];
  const problems: Problem[] = [];
  const routes: Route[] = [];
  let off = 0;
  for (const file of files) {
    const text = readText(file);
    if (text === undefined) {
      problems.push(notUtf8(file));
      continue;
    }
    const loaded = loadDestination(file, text, context);
    problems.push(...loaded.problems, ...collisionsBetween(loaded.routes, routes));
    routes.push(...loaded.routes);
    const { destination } = loaded;
    if (loaded.off === true) off += 1;
    if (destination === undefined) continue;
    const twin = destinations.find((other) => other.name === destination.name);
    if (twin === undefined) destinations.push(destination);
    else problems.push(sameName(file, destination.name, twin.file));
  }
  if (destinations.length === 0 && off > 0 && !hasErrors(problems)) {
    throw new ConnectorError('MAPPINGS_OFF', `every destination at ${path} has "enabled": false`);
  }
  return { destinations, problems, files };
}

/** Pairs within one file are reported with the file. */
function collisionsBetween(routes: readonly Route[], before: readonly Route[]): readonly Problem[] {
  return routes.flatMap((route) => collisionsOf([route], before));
}

function notUtf8(file: string): Problem {
  return {
    severity: 'error',
    file,
    line: 1,
    column: 1,
    code: 'NOT_UTF8',
    message: 'the file is not UTF-8 (UTF-16 of Windows, perhaps)',
    fix: 'save it as UTF-8',
    source: '',
  };
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

/** The destination files of a folder, or the one file. Throws `MAPPINGS_NOT_FOUND` where there are none. */
export function mappingFiles(path: string): readonly string[] {
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
    .filter((name) => name.endsWith('.json') && !name.endsWith('.test.json') && !name.startsWith('.'))
    .sort()
    .map((name) => join(path, name));
  if (files.length === 0)
    throw new ConnectorError(
      'MAPPINGS_NOT_FOUND',
      `the folder ${path} holds no .json file: put one destination file into it, or give another folder with --mappings`,
    );
  return files;
}

/** Undefined for a file that isn't UTF-8: every byte of UTF-16 would be an error of its own. */
function readText(file: string): string | undefined {
  try {
    const bytes = readFileSync(file);
    const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
    return bytes.includes(0) || !isUtf8(bytes) ? undefined : text;
  } catch (error) {
    throw new ConnectorError('MAPPINGS_NOT_FOUND', `${file} can't be read (${messageOf(error)})`);
  }
}
