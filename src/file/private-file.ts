import type { FileHandle } from 'node:fs/promises';
import { systemCode } from './file-errors.ts';

/** The mode of files that hold something of people: for the process's user alone. */
export const forOwner = 0o600;

/** The same for a file that was there before. Only for one that is known to be ours. */
export async function closeToOthers(handle: FileHandle): Promise<void> {
  const { mode } = await handle.stat();
  if ((mode & 0o077) === 0) return;
  try {
    await handle.chmod(mode & 0o700);
  } catch (error) {
    // A file of another user, or a share that knows no rights: its owner decides who reads it.
    if (!['EPERM', 'EACCES', 'EROFS', 'ENOTSUP', 'ENOSYS', 'EINVAL'].includes(systemCode(error) ?? '')) throw error;
  }
}
