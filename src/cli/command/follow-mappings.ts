import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { mappingFiles } from '../../config/load.ts';

/** Files that are read again when they change. */
export interface FollowedMappings {
  /** A destination file, or the folder of them. */
  readonly path: string;
  /** 0: they aren't looked at. */
  readonly everyMillis: number;
  /** Of the files as they were read last. */
  readonly content: string | undefined;
}

/**
 * Looks at the files by and by, and calls `reload` when they are others than before and stay so until the next look: once,
 * also if what they are now can't be used. An editor takes a file away for a moment when it saves it, and a copy writes several
 * one by one: a destination without its file would be a removed one, and what is read meanwhile lost to it. By looking,
 * because a ConfigMap is exchanged behind a link, of which watchers of files hear nothing.
 */
export function followMappings({ path, everyMillis, content }: FollowedMappings, reload: () => Promise<unknown>): void {
  if (everyMillis === 0) return;
  let active = content;
  let seen = content;
  const compare = async () => {
    const now = contentOf(path);
    if (now !== undefined && now !== active && now === seen) {
      active = now;
      await reload();
    }
    seen = now;
    next();
  };
  // A stop doesn't wait for it.
  const next = () => void setTimeout(() => void compare(), everyMillis).unref();
  next();
}

/** Tells one state of the files from another. Undefined: they can't be read, as while they are being exchanged. */
export function contentOf(path: string): string | undefined {
  const hash = createHash('sha256');
  try {
    for (const file of mappingFiles(path))
      hash
        .update(`${basename(file)}\0`)
        .update(readFileSync(file))
        .update('\0');
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}
