import type { Stats } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Why code must not be loaded from this folder: somebody else may have put it there, or may do so yet. Undefined where
 * nobody else can. `upTo` is a folder that is trusted already; without it every folder on the way counts.
 */
export async function foreignFolder(folder: string, upTo?: string): Promise<string | undefined> {
  const uid = process.getuid?.();
  // Windows: the folders of a user are that user's.
  if (uid === undefined) return undefined;
  if ((await lstat(folder)).isSymbolicLink()) return `${folder} is a link`;
  const trusted = upTo === undefined ? undefined : await realpath(upTo);
  const real = await realpath(folder);
  for (let path = real; path !== trusted; path = dirname(path)) {
    const status = await lstat(path);
    const owners = path === real ? [uid] : [uid, 0];
    if (!owners.includes(status.uid)) return `${path} belongs to another user`;
    if (isWritableByOthers(status, path === real)) return `${path} can be written by other users`;
    if (path === dirname(path)) return undefined;
  }
  return undefined;
}

/** In a folder with the sticky bit, such as /tmp, others can't replace what is ours. A user's own group is the user. */
function isWritableByOthers({ mode, gid }: Stats, isInnermost: boolean): boolean {
  const byGroup = (mode & 0o020) !== 0 && gid !== process.getgid?.();
  const isWritable = byGroup || (mode & 0o002) !== 0;
  return isWritable && (isInnermost || (mode & 0o1000) === 0);
}
