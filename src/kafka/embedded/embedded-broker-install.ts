import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConnectorError, messageOf } from '../../core/errors.ts';

/** The package that holds librdkafka and its mock cluster. Node 24 only, so it is no dependency of ours. */
const PACKAGE = 'kafka-crab-js';
const VERSION = '5.0.0';

export interface InstallOptions {
  /** `META_ACTIONS_CACHE` names the cache folder; `npm_execpath`, set by npm itself, names the npm to run. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told once, when something has to be fetched. */
  readonly print: (line: string) => void;
}

/**
 * The module of the broker, fetched with npm into a cache folder when it is not there yet.
 *
 * Installs into a folder of its own and renames it into place, so that two processes that begin together never see
 * half of it: the loser of the race throws its copy away.
 */
export async function installedBroker(options: InstallOptions): Promise<string> {
  const home = join(
    await cacheFolder(options.environment),
    `${PACKAGE}-${VERSION}-${process.platform}-${process.arch}`,
  );
  const entry = join(home, 'node_modules', PACKAGE, 'dist', 'index.js');
  if (existsSync(entry)) return entry;
  options.print(`Fetching the embedded Kafka broker (${PACKAGE} ${VERSION}) into ${home}, once.`);
  let building: string | undefined;
  try {
    await mkdir(dirname(home), { recursive: true });
    building = await mkdtemp(`${home}.`);
    await writeFile(join(building, 'package.json'), '{ "private": true }\n');
    await runNpm(building, options.environment);
    await rename(building, home).catch((error: unknown) => {
      if (!existsSync(entry)) throw error;
    });
  } catch (error) {
    throw new ConnectorError(
      'EMBEDDED_BROKER_INSTALL',
      `The embedded Kafka broker could not be installed: ${messageOf(error)}. ${WAYS_TO_A_BROKER}`,
      {},
      error,
    );
  } finally {
    if (building !== undefined) await rm(building, { recursive: true, force: true });
  }
  return entry;
}

export const WAYS_TO_A_BROKER =
  'Ways to a broker: set KAFKA_BROKERS to one that runs, `docker compose up kafka`, or `scripts/kafka.sh start`.';

/** `META_ACTIONS_CACHE`, else beside our dependencies when that can be written, else the system's temporary folder. */
async function cacheFolder(environment: InstallOptions['environment']): Promise<string> {
  const chosen = environment['META_ACTIONS_CACHE'];
  if (chosen !== undefined && chosen !== '') return chosen;
  const modules = nearestModules(dirname(fileURLToPath(import.meta.url)));
  if (modules !== undefined) {
    const folder = join(modules, '.cache', 'meta-actions');
    const writable = await mkdir(folder, { recursive: true }).then(
      () =>
        access(folder, 2 /* W_OK */).then(
          () => true,
          () => false,
        ),
      () => false,
    );
    if (writable) return folder;
  }
  return join(tmpdir(), 'meta-actions-cache');
}

function nearestModules(folder: string): string | undefined {
  const modules = join(folder, 'node_modules');
  if (existsSync(modules)) return modules;
  return dirname(folder) === folder ? undefined : nearestModules(dirname(folder));
}

/**
 * npm must run on the Node that runs us: on an older one it silently leaves out the binary, whose `engines` asks for
 * 24.
 */
async function runNpm(folder: string, environment: InstallOptions['environment']): Promise<void> {
  const cli = npmCli(environment);
  if (cli === undefined) throw new Error('npm was not found beside node or on PATH');
  const child = spawn(
    process.execPath,
    [
      cli,
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      '--prefix',
      folder,
      `${PACKAGE}@${VERSION}`,
    ],
    {
      cwd: folder,
      env: { ...environment, PATH: `${dirname(process.execPath)}${delimiter}${environment['PATH'] ?? ''}` },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => {
    complaint = (complaint + data.toString()).slice(-2_000);
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ended with ${code}: ${complaint.trim()}`));
    });
  });
}

function npmCli(environment: InstallOptions['environment']): string | undefined {
  const inPackage = join('node_modules', 'npm', 'bin', 'npm-cli.js');
  const folders = [dirname(process.execPath), ...(environment['PATH'] ?? '').split(delimiter)].filter((f) => f !== '');
  const candidates = [
    ...(environment['npm_execpath']?.endsWith('npm-cli.js') ? [environment['npm_execpath']] : []),
    ...folders.flatMap((folder) => [
      join(folder, 'npm'),
      join(folder, inPackage),
      join(folder, '..', 'lib', inPackage),
    ]),
  ];
  return candidates
    .filter((path) => existsSync(path))
    .map((path) => realpathSync(path))
    .find((path) => path.endsWith('npm-cli.js'));
}
