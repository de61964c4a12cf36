import { ConnectorError, messageOf } from '../core/errors.ts';

/** The system's code of a failed file operation (`ENOENT`, `ENOSPC`, …). */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const causes: Readonly<Record<string, readonly [problem: string, fix: string]>> = {
  ENOENT: ['does not exist', 'check the path'],
  ENOTDIR: ['has a file where a folder should be', 'check the path'],
  EISDIR: ['is a folder', 'name a file'],
  EACCES: ['is not allowed for this user', "give this process's user the right to it"],
  EPERM: ['is not allowed for this user', "give this process's user the right to it"],
  EROFS: ['lies on a read-only file system', 'use a writable place'],
  ENOSPC: ['lies on a full disk', 'make room'],
  EDQUOT: ['has no quota left', 'make room'],
};

/**
 * Says what went wrong with a file, where, and what to do.
 *
 * @param what the file's part in the run: `The source file`
 */
export function fileError(code: string, what: string, path: string, error: unknown): ConnectorError {
  const known = causes[systemCode(error) ?? ''];
  const message =
    known === undefined
      ? `${what} ${path} can't be used: ${messageOf(error)}`
      : `${what} ${path} ${known[0]}: ${known[1]}.`;
  return new ConnectorError(code, message, { path, systemCode: systemCode(error) }, error);
}
