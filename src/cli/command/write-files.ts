import { existsSync, mkdirSync, type WriteFileOptions, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError, systemCode } from '../../file/file-errors.ts';

/** Who named the place has to name another one. */
const code = 'USAGE';

/** @throws ConnectorError USAGE */
export function writeText(path: string, text: string, options?: WriteFileOptions): void {
  try {
    writeFileSync(path, text, options);
  } catch (error) {
    // What doesn't exist is never the file, which would be made.
    if (systemCode(error) === 'ENOENT') throw fileError(code, 'The folder', dirname(path), error);
    throw fileError(code, 'The file', path, error);
  }
}

/**
 * Makes the folder and those above it. Node's own `recursive` tries for ever below a folder that answers "no such folder"
 * to whoever makes one in it, as /proc does.
 *
 * @throws ConnectorError USAGE
 */
export function makeFolder(path: string): void {
  const above = dirname(path);
  if (existsSync(path) || above === path) return;
  makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    throw fileError(code, 'The folder', path, error);
  }
}
