import { createHash } from 'node:crypto';
import { type FileHandle, readFile } from 'node:fs/promises';
import { ConnectorError } from '../core/errors.ts';
import { own } from '../core/json.ts';
import { replaceFile } from './durable.ts';
import { fileError, systemCode } from './file-errors.ts';

/** What tells a file from another one that took its name. */
export interface FileIdentity {
  /** Decimal text: file systems use the whole 64 bits. */
  readonly inode: string;
  readonly size: number;
  /** SHA-256 of the first `headBytes` bytes. */
  readonly headSha256: string;
  readonly headBytes: number;
}

/** Where reading goes on, and in which file. */
export interface SavedPosition extends FileIdentity {
  readonly offset: number;
  /** What the pipeline asked to be kept with its commit, untouched. */
  readonly metadata?: string;
}

const maxHeadBytes = 4096;

/** The identity of an open file as it is now; `headBytes` as a saved identity has it, so that the two compare. */
export async function identify(handle: FileHandle, headBytes = maxHeadBytes): Promise<FileIdentity> {
  const stat = await handle.stat({ bigint: true });
  const head = await readHead(handle, headBytes);
  return {
    inode: String(stat.ino),
    size: Number(stat.size),
    headBytes: head.length,
    headSha256: createHash('sha256').update(head).digest('hex'),
  };
}

/** Where the position in a file is kept: of a process that does all the work, or only the share of that name. */
export function positionPathOf(path: string, share?: string): string {
  return share === undefined ? `${path}.offset` : `${path}.${share}.offset`;
}

/** Whether the beginning that is compared is all that is ever compared: of a short file it grows with it. */
export function hasWholeHead({ headBytes }: FileIdentity): boolean {
  return headBytes === maxHeadBytes;
}

async function readHead(handle: FileHandle, bytes: number): Promise<Buffer> {
  const head = Buffer.alloc(Math.min(bytes, maxHeadBytes));
  let length = 0;
  while (length < head.length) {
    const { bytesRead } = await handle.read(head, length, head.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return head.subarray(0, length);
}

/**
 * The saved position, or undefined when there is none.
 *
 * @throws ConnectorError POSITION_FILE_UNREADABLE, POSITION_FILE_BROKEN
 */
export async function readPosition(path: string): Promise<SavedPosition | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileError('POSITION_FILE_UNREADABLE', 'The position file', path, error);
  }
  const saved = parsePosition(text);
  if (saved !== undefined) return saved;
  const message = `The position file ${path} is broken. Restore it, or delete it to read the source from its beginning.`;
  throw new ConnectorError('POSITION_FILE_BROKEN', message, { path });
}

function parsePosition(text: string): SavedPosition | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const inode = own(json, 'inode');
  const size = own(json, 'size');
  const headBytes = own(json, 'head_bytes');
  const headSha256 = own(json, 'head_sha256');
  const offset = own(json, 'offset');
  const metadata = own(json, 'metadata');
  if (typeof inode !== 'string' || typeof headSha256 !== 'string') return undefined;
  if (!isCount(size) || !isCount(headBytes) || !isCount(offset)) return undefined;
  const saved = { inode, size, headBytes, headSha256, offset };
  return typeof metadata === 'string' ? { ...saved, metadata } : saved;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Resolves when the position is on the disk; rejects with the system's error. */
export async function writePosition(path: string, saved: SavedPosition): Promise<void> {
  const { inode, size, headBytes, headSha256, offset, metadata } = saved;
  const json = { inode, size, head_bytes: headBytes, head_sha256: headSha256, offset, metadata };
  await replaceFile(path, `${JSON.stringify(json)}\n`);
}

/** Why a saved position doesn't belong to the file as it is now; undefined when it does. A grown file is the same. */
export function changeSince(saved: SavedPosition, current: FileIdentity): string | undefined {
  if (current.inode !== saved.inode) return 'was replaced by another file';
  if (current.size < saved.size || current.size < saved.offset) return 'became shorter';
  if (current.headSha256 !== saved.headSha256) return 'has a different beginning';
  return undefined;
}
