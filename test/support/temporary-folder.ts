import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';

const variables = ['TMPDIR', 'TMP', 'TEMP'] as const;

/** In the environment, since each project of vitest loads this file anew. */
const folderVariable = 'TESTS_FOLDER';

/**
 * From now on this process, its workers and the programs that they start make their temporary files in a folder of their
 * own, so that nothing of theirs is left behind, also where a test fails.
 */
export function ownTemporaryFolder(): () => void {
  if (env[folderVariable] !== undefined) return () => undefined;
  const before = new Map(variables.map((name) => [name, env[name]]));
  // Where Node keeps it by itself: each start of the program is a third shorter for it.
  env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache');
  const folder = mkdtempSync(join(tmpdir(), 'meta-actions-tests-'));
  env[folderVariable] = folder;
  for (const name of variables) env[name] = folder;
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  return () => {
    delete env[folderVariable];
    for (const [name, value] of before) {
      if (value === undefined) delete env[name];
      else env[name] = value;
    }
    process.off('exit', remove);
    remove();
  };
}

/** Before the first project, once; vitest calls what it returns at the end. */
export const setup = ownTemporaryFolder;
