import { closeSync, openSync, readSync } from 'node:fs';
import type { CommitFact, GenerationFact } from './evidence.ts';

/** What a broker's log of requests tells of consumer groups. */
export interface BrokerLog {
  /** Reads what was written since. */
  read(): void;
  /** The broker has started again, with a new log. */
  startedAgain(): void;
  commits(group: string): readonly CommitFact[];
  generations(group: string): readonly GenerationFact[];
}

/** For JAVA_TOOL_OPTIONS: makes the broker write each request with its answer. */
export const loggingOptions = [
  '-Dorg.slf4j.simpleLogger.log.kafka.request.logger=debug',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd/HH:mm:ss.SSSX',
].join(' ');

interface LoggedRequest {
  readonly request: {
    readonly groupId: string;
    readonly generationId?: number;
    readonly generationIdOrMemberEpoch?: number;
    readonly memberId: string;
    readonly assignments?: readonly { readonly memberId: string; readonly assignment: string }[];
    readonly topics?: readonly {
      readonly partitions: readonly {
        readonly partitionIndex: number;
        readonly committedOffset: number;
        readonly committedMetadata?: string;
      }[];
    }[];
  };
  readonly response: {
    readonly errorCode?: number;
    readonly topics?: readonly {
      readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[];
    }[];
  };
  readonly totalTimeMs: number;
}

/** Of groups that read one topic each. */
export function brokerLog(path: string): BrokerLog {
  const commits = new Map<string, CommitFact[]>();
  const generations = new Map<string, GenerationFact[]>();
  let position = 0;
  let rest = '';

  function take(line: string): void {
    const isCommit = line.includes('"requestApiKeyName":"OFFSET_COMMIT"');
    if (!isCommit && !line.includes('"requestApiKeyName":"SYNC_GROUP"')) return;
    const logged: LoggedRequest = JSON.parse(line.slice(line.indexOf('{')));
    // The line is written once the request is answered.
    const at = Date.parse(line.slice(0, line.indexOf(' ')).replace('/', 'T')) - logged.totalTimeMs;
    if (isCommit) listOf(commits, logged.request.groupId).push(...commitsOf(logged, at));
    else listOf(generations, logged.request.groupId).push(...generationOf(logged, at));
  }

  return {
    read() {
      const file = openSync(path, 'r');
      const chunk = Buffer.alloc(1024 * 1024);
      for (let length = 1; length > 0; position += length) {
        length = readSync(file, chunk, 0, chunk.length, position);
        const lines = (rest + chunk.toString('utf8', 0, length)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) take(line);
      }
      closeSync(file);
    },
    startedAgain() {
      position = 0;
      rest = '';
    },
    commits: (group) => commits.get(group) ?? [],
    generations: (group) => generations.get(group) ?? [],
  };
}

/** Of brokers of one cluster: at each time one of them takes the commits of a group. */
export function mergedLogs(logs: readonly BrokerLog[]): BrokerLog {
  const merged = <T extends { readonly at: number }>(lists: readonly (readonly T[])[]): readonly T[] => {
    // Each in its own order: requests that began earlier may have been taken later.
    const timed = lists.flatMap((list) => {
      let latest = 0;
      return list.map((fact) => {
        latest = Math.max(latest, fact.at);
        return [latest, fact] as const;
      });
    });
    return timed.toSorted(([first], [second]) => first - second).map(([, fact]) => fact);
  };
  return {
    read: () => {
      for (const log of logs) log.read();
    },
    startedAgain: () => {
      for (const log of logs) log.startedAgain();
    },
    commits: (group) => merged(logs.map((log) => log.commits(group))),
    generations: (group) => merged(logs.map((log) => log.generations(group))),
  };
}

function listOf<T>(lists: Map<string, T[]>, key: string): T[] {
  const found = lists.get(key) ?? [];
  lists.set(key, found);
  return found;
}

function commitsOf({ request, response }: LoggedRequest, at: number): readonly CommitFact[] {
  const { generationIdOrMemberEpoch: generation = -1, memberId: member } = request;
  const answers = response.topics?.flatMap(({ partitions }) => partitions) ?? [];
  const taken = new Set(answers.filter(({ errorCode }) => errorCode === 0).map(({ partitionIndex }) => partitionIndex));
  const asked = request.topics?.flatMap(({ partitions }) => partitions) ?? [];
  return asked
    .filter(({ partitionIndex }) => taken.has(partitionIndex))
    .map(({ partitionIndex: partition, committedOffset: offset, committedMetadata: metadata = '' }) => ({
      ...{ partition, offset, at, generation, member, metadata },
    }));
}

/** The leader's request has everybody's assignment. */
function generationOf({ request, response, totalTimeMs }: LoggedRequest, at: number): readonly GenerationFact[] {
  const { generationId: generation = -1, assignments = [] } = request;
  if (response.errorCode !== 0 || assignments.length === 0) return [];
  const owners = new Map(
    assignments.flatMap(({ memberId, assignment }) =>
      partitionsOf(Buffer.from(assignment, 'base64')).map((partition) => [partition, memberId] as const),
    ),
  );
  return [{ generation, at: at + totalTimeMs, owners }];
}

/** Version, topics, and of each its name and partitions. */
function partitionsOf(assignment: Buffer): readonly number[] {
  const partitions: number[] = [];
  let at = 6;
  for (let topics = assignment.length < 6 ? 0 : assignment.readInt32BE(2); topics > 0; topics--) {
    at += 2 + assignment.readInt16BE(at);
    const count = assignment.readInt32BE(at);
    at += 4;
    for (let index = 0; index < count; index++, at += 4) partitions.push(assignment.readInt32BE(at));
  }
  return partitions;
}
