import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from './file-errors.ts';
import { forOwner } from './private-file.ts';

/** Replaces the content of a file atomically: after a crash it has either the old or the new content. Only its owner may read it. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.tmp`;
  // Whatever lies there, a link perhaps, is none of ours to write to.
  await unlink(fresh).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
  });
  const handle = await open(fresh, 'wx', forOwner);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, path);
  await syncFolderOf(path);
}

/** Makes sure that the creation or renaming of a file survives a power cut. */
export async function syncFolderOf(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(dirname(path), 'r');
    await folder.sync();
  } catch (error) {
    // Systems and network shares that can't sync a folder say so with these; there is nothing more to be done there.
    if (!['EPERM', 'EINVAL', 'EISDIR', 'EACCES', 'ENOTSUP'].includes(systemCode(error) ?? '')) throw error;
  } finally {
    await folder?.close();
  }
}

/** Writes all bytes at `position`; a single system call may write fewer. */
export async function writeFully(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
