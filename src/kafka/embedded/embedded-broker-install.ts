import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants, existsSync, realpathSync } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import { childEnvironment } from '../../core/child-environment.ts';
import { foreignFolder } from './own-folder.ts';
import { integrity, PACKAGE, pinnedFiles, VERSION } from './pinned-packages.ts';

export interface InstallOptions {
  /** `META_ACTIONS_CACHE` names the cache folder; `npm_execpath`, set by npm itself, names the npm to run. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told once, when something has to be fetched. */
  readonly print: (line: string) => void;
}

/**
 * The module of the broker, fetched with npm into a cache folder when it is not there yet: the packages whose hashes we
 * know, into a folder that nobody else can write to.
 *
 * Installs into a folder of its own and renames it into place, so that two processes that begin together never see
 * half of it: the loser of the race throws its copy away.
 */
export async function installedBroker(options: InstallOptions): Promise<string> {
  const cache = await cacheFolder(options.environment);
  // Another set of hashes is another folder: what an earlier version fetched is not taken for this one's.
  const pin = createHash('sha256').update(JSON.stringify(integrity)).digest('hex').slice(0, 8);
  const home = join(cache.path, `${PACKAGE}-${VERSION}-${process.platform}-${process.arch}-${pin}`);
  const entry = join(home, 'node_modules', PACKAGE, 'dist', 'index.js');
  if (!existsSync(home)) await install(home, entry, options);
  const foreign = await foreignFolder(home, cache.trusted);
  if (foreign === undefined) return entry;
  throw new ConnectorError(
    'EMBEDDED_BROKER_FOLDER',
    `The embedded Kafka broker is not loaded: ${foreign}. Name a folder of your own with META_ACTIONS_CACHE. ${WAYS_TO_A_BROKER}`,
  );
}

async function install(home: string, entry: string, { environment, print }: InstallOptions): Promise<void> {
  print(`Fetching the embedded Kafka broker (${PACKAGE} ${VERSION}) into ${home}, once.`);
  let building: string | undefined;
  try {
    await mkdir(dirname(home), { recursive: true, mode: 0o700 });
    building = await mkdtemp(`${home}.`);
    for (const [name, text] of Object.entries(pinnedFiles())) await writeFile(join(building, name), text);
    await runNpm(building, environment);
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
}

export const WAYS_TO_A_BROKER =
  'Ways to a broker: set KAFKA_BROKERS to one that runs, `docker compose up kafka`, or `scripts/kafka.sh start`.';

interface Cache {
  readonly path: string;
  /** A folder above it whose code we are ourselves. */
  readonly trusted?: string;
}

/** `META_ACTIONS_CACHE`, else beside our dependencies when that can be written, else the user's own temporary folder. */
async function cacheFolder(environment: InstallOptions['environment']): Promise<Cache> {
  const chosen = environment['META_ACTIONS_CACHE'];
  if (chosen !== undefined && chosen !== '') return { path: resolve(chosen) };
  const modules = nearestModules(dirname(fileURLToPath(import.meta.url)));
  if (modules !== undefined) {
    const path = join(modules, '.cache', 'meta-actions');
    try {
      await mkdir(path, { recursive: true });
      await access(path, constants.W_OK);
      return { path, trusted: modules };
    } catch {
      // An installation that this user may only read.
    }
  }
  return { path: join(tmpdir(), `meta-actions-${process.getuid?.() ?? 'cache'}`) };
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
  const child = spawn(process.execPath, [cli, 'ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: folder,
    env: {
      ...childEnvironment(environment, 'npm'),
      PATH: `${dirname(process.execPath)}${delimiter}${environment['PATH'] ?? ''}`,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => {
    complaint = (complaint + data.toString()).slice(-2_000);
  });
  await new Promise<void>((done, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) done();
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
