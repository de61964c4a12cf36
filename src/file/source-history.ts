import { basename } from 'node:path';
import { ConnectorError } from '../core/errors.ts';
import type { HistoryObstacle, SourceHistory } from '../core/ports.ts';
import type { SourceRecord } from '../core/record.ts';
import { valueHash } from '../core/value-hash.ts';
import { lockFile } from './lock.ts';
import { positionPathOf } from './position-file.ts';
import { readRecords, type ReadLine } from './table-rows.ts';

/** The name that a file has as a topic. */
export function topicOfFile(path: string): string {
  return `file:${basename(path)}`;
}

/**
 * The history of a file that was read as a source. If a record isn't where it was read, the file is another one.
 *
 * @param destinations Each may be read for by a process of its own, with a position of its own.
 */
export function createFileSourceHistory(
  path: string,
  readLine: ReadLine | undefined,
  destinations: readonly string[],
): SourceHistory {
  let running: Promise<boolean> | undefined;

  async function isLocked(position: string): Promise<boolean> {
    try {
      const lock = await lockFile(`${position}.lock`, `The source file ${path}`);
      await lock.release();
      return false;
    } catch (error) {
      if (error instanceof ConnectorError && error.code === 'FILE_IN_USE') return true;
      throw error;
    }
  }

  async function inUse(): Promise<boolean> {
    // With a slash it would be a place in another folder, where no run can keep one.
    const names = destinations.filter((name) => !name.includes('/'));
    const positions = [undefined, ...names].map((name) => positionPathOf(path, name));
    for (const position of positions) if (await isLocked(position)) return true;
    return false;
  }

  async function holds({ offset, value, event }: SourceRecord): Promise<boolean> {
    for await (const line of readRecords(path, offset, readLine)) {
      if (event !== undefined) return valueHash(line.value) === event.of;
      return value !== null && line.value.equals(value);
    }
    return false;
  }

  return {
    async obstacle(record): Promise<HistoryObstacle | undefined> {
      running ??= inUse();
      if (await running) return 'group_running';
      return (await holds(record)) ? undefined : 'range_gone';
    },
    async *read(topic, from) {
      const start = from.get(0);
      if (start === undefined) return;
      for await (const { offset, next, value } of readRecords(path, start, readLine)) {
        yield { topic, partition: 0, offset, next, timestamp: 0, key: null, value, headers: undefined };
      }
    },
  };
}
