import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../../core/child-environment.ts';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import { own } from '../../core/json.ts';
import { askOpsApi, type OpsApiOptions } from '../command/ops-api.ts';
import { surroundings } from '../command/surroundings.ts';

const runAny = promisify(execFile);
/** Without our secrets. */
const run = (program: string, parameters: readonly string[]) =>
  runAny(program, parameters, { env: { ...childEnvironment(surroundings().environment) } });

/** The files of a configuration; `close` removes what was made for them. */
export interface Configuration {
  readonly path: string;
  close(): void;
}

/**
 * A path, `REVISION:PATH` of the Git repository around the current folder, or `running`: what a connector runs by. What is
 * there as a path counts as one, even with a colon in it.
 *
 * @throws ConnectorError `USAGE` where the revision, or the path in it, isn't there.
 */
export async function openConfiguration(written: string, ops: OpsApiOptions): Promise<Configuration> {
  if (existsSync(written)) return { path: written, close: () => undefined };
  if (written === 'running') return inFolder((folder) => fetchFiles(ops, folder));
  const [, revision = '', path = ''] = /^([^:]+):(.+)$/.exec(written) ?? [];
  if (revision === '') return { path: written, close: () => undefined };
  return inFolder((folder) => unpackRevision(written, revision, path, folder));
}

const patienceMillis = 20_000;

/** @param fill Puts the files into the folder and says which path in it they have. */
async function inFolder(fill: (folder: string) => Promise<string>): Promise<Configuration> {
  const folder = mkdtempSync(join(tmpdir(), 'meta-actions-diff-'));
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    return { path: await fill(folder), close };
  } catch (error) {
    close();
    throw error;
  }
}

async function fetchFiles(ops: OpsApiOptions, folder: string): Promise<string> {
  const signal = AbortSignal.timeout(patienceMillis);
  const answerOf = async (path: string): Promise<unknown> => (await askOpsApi(ops, path, signal)).json();
  const destinations = own(await answerOf('/destinations'), 'destinations');
  const names = Array.isArray(destinations) ? destinations.map((each) => own(each, 'name')) : [];
  for (const [index, name] of names.entries()) {
    const file = await answerOf(`/destinations/${encodeURIComponent(String(name))}/file`);
    const fileName = basename(String(own(file, 'name')));
    const path = join(folder, fileName);
    // Files of several folders may have one name.
    writeFileSync(existsSync(path) ? join(folder, `${index}-${fileName}`) : path, String(own(file, 'text')));
  }
  return folder;
}

async function unpackRevision(written: string, revision: string, path: string, folder: string): Promise<string> {
  try {
    // A revision or path that begins with a dash is none.
    if (revision.startsWith('-') || path.startsWith('-')) throw new Error('a name begins with a dash');
    const archive = join(folder, 'files.tar');
    const prefix = (await run('git', ['rev-parse', '--show-prefix'])).stdout.trim();
    const top = (await run('git', ['rev-parse', '--show-toplevel'])).stdout.trim();
    await run('git', ['-C', top, 'archive', '--format=tar', `--output=${archive}`, revision, '--', `${prefix}${path}`]);
    await run('tar', ['-xf', archive, '-C', folder]);
    return join(folder, prefix, path);
  } catch (error) {
    const said =
      messageOf(error)
        .split('\n')
        .find((line) => line.startsWith('fatal:')) ?? messageOf(error).split('\n')[0];
    throw new ConnectorError('USAGE', `${written}: neither a path nor REVISION:PATH of this Git repository (${said})`);
  }
}
