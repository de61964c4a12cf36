import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { ConnectorError } from '../core/errors.ts';
import { isObject, own } from '../core/json.ts';
import { fileError, systemCode } from './file-errors.ts';

export interface FileLock {
  release(): Promise<void>;
}

/**
 * Keeps other processes out with a lock file that holds this process's id. The lock of a dead process is taken over;
 * that of another host can't be checked and is respected.
 *
 * Two processes that find the same dead lock at the same instant may both take it over: the lock protects against
 * mistakes, not against races.
 *
 * @throws ConnectorError FILE_IN_USE, FILE_UNWRITABLE
 */
export async function lockFile(path: string, what: string): Promise<FileLock> {
  if (!(await create(path))) {
    if (!(await isDead(path))) throw inUse(path, what);
    await rm(path, { force: true });
    if (!(await create(path))) throw inUse(path, what);
  }
  return { release: () => rm(path, { force: true }) };
}

/** The process id alone says little in a container, where every process that is started may have the id 1. */
function self(): { readonly pid: number; readonly started: number; readonly host: string } {
  return { pid: process.pid, started: Math.round(performance.timeOrigin), host: hostname() };
}

async function create(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(`${JSON.stringify(self())}\n`);
      await handle.sync();
    } catch (error) {
      // Without its owner's name it would keep everybody out, also when there is room again.
      await rm(path, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw fileError('FILE_UNWRITABLE', 'The lock file', path, error);
  }
}

async function isDead(path: string): Promise<boolean> {
  const owner = await readOwner(path);
  const me = self();
  const pid = own(owner, 'pid');
  if (typeof pid !== 'number' || own(owner, 'host') !== me.host) return false;
  if (pid === me.pid) return own(owner, 'started') !== me.started;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return systemCode(error) === 'ESRCH';
  }
}

async function readOwner(path: string): Promise<unknown> {
  try {
    const owner: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isObject(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function inUse(path: string, what: string): ConnectorError {
  const message = `${what} is in use by another process, according to ${path}. Stop that process; if none is running, delete ${path}.`;
  return new ConnectorError('FILE_IN_USE', message, { path });
}
