import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, writeText } from '../../../src/cli/command/write-files.ts';
import { ConnectorError } from '../../../src/core/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'write-files-'));
const file = join(folder, 'file');
writeFileSync(file, '');

/** The message of what it throws, where it is an error of usage. */
function usageError(act: () => void): string | undefined {
  try {
    act();
  } catch (error) {
    return error instanceof ConnectorError && error.code === 'USAGE' ? error.message : undefined;
  }
  return undefined;
}

describe('a place that a command writes to', () => {
  it('is made with the folders above it', () => {
    makeFolder(join(folder, 'a/b/c'));
    makeFolder(join(folder, 'a/b/c'));
    writeText(join(folder, 'a/b/c/d.txt'), 'text');
    expect(readFileSync(join(folder, 'a/b/c/d.txt'), 'utf8')).toBe('text');
  });

  it('is an error of usage that names the folder that is not there', () => {
    expect(usageError(() => writeText(join(folder, 'nowhere/page.html'), ''))).toBe(
      `The folder ${join(folder, 'nowhere')} does not exist: check the path.`,
    );
  });

  it('is an error of usage that names a file where a folder should be', () => {
    expect(usageError(() => makeFolder(join(file, 'a/b')))).toContain(`The folder ${join(file, 'a')} has a file`);
    expect(usageError(() => writeText(join(file, 'page.html'), ''))).toContain(`${join(file, 'page.html')} has a file`);
    expect(usageError(() => writeText(folder, ''))).toContain(`The file ${folder} is a folder`);
  });

  // Where there is no /proc, nobody may make one.
  it('is an error of usage in a folder that takes none', () => {
    expect(usageError(() => makeFolder('/proc/there-is-none/y'))).toContain('/proc');
  });
});
