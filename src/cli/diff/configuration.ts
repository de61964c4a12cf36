import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../../core/child-environment.ts';
import { ConnectorError, messageOf } from '../../core/errors.ts';

const runAny = promisify(execFile);
/** Without our secrets. */
const run = (program: string, parameters: readonly string[]) =>
  runAny(program, parameters, { env: { ...childEnvironment(process.env) } });

/** The files of a configuration; `close` removes what was made for them. */
export interface Configuration {
  readonly path: string;
  close(): void;
}

/**
 * A path, or `REVISION:PATH` of the Git repository around the current folder. A path that is there counts as one, even
 * with a colon in it.
 *
 * @throws ConnectorError `USAGE` where the revision, or the path in it, isn't there.
 */
export async function openConfiguration(written: string): Promise<Configuration> {
  const [, revision = '', path = ''] = /^([^:]+):(.+)$/.exec(written) ?? [];
  if (revision === '' || existsSync(written)) return { path: written, close: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'meta-actions-diff-'));
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    // A revision or path that begins with a dash is none.
    if (revision.startsWith('-') || path.startsWith('-')) throw new Error('a name begins with a dash');
    const archive = join(folder, 'files.tar');
    const prefix = (await run('git', ['rev-parse', '--show-prefix'])).stdout.trim();
    const top = (await run('git', ['rev-parse', '--show-toplevel'])).stdout.trim();
    await run('git', ['-C', top, 'archive', '--format=tar', `--output=${archive}`, revision, '--', `${prefix}${path}`]);
    await run('tar', ['-xf', archive, '-C', folder]);
    return { path: join(folder, prefix, path), close };
  } catch (error) {
    close();
    const said =
      messageOf(error)
        .split('\n')
        .find((line) => line.startsWith('fatal:')) ?? messageOf(error).split('\n')[0];
    throw new ConnectorError('USAGE', `${written}: neither a path nor REVISION:PATH of this Git repository (${said})`);
  }
}
