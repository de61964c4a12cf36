import { clockRow } from './clock-row.ts';
import {
  countedRow,
  fullRow,
  heldRow,
  inheritedRow,
  lateCommitRow,
  lateWorkRow,
  lettersKeptRow,
  overtakenRow,
  quietRow,
} from './driven-rows.ts';
import type { Row } from './row.ts';
import { remadeRow } from './topic-rows.ts';

/** A change of one place in the sources. What it finds must be there exactly once. */
export interface Patch {
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/** A deliberate bug, and the row that must not hold with it. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
  readonly row: Row;
  /** What must be found, among other things. */
  readonly found: RegExp;
  /** Shows only where the broker's log tells who commits and who has which partition, or where topics can be refused. */
  readonly onApacheKafka?: true;
}

/** For a run with a bug: it may take its time to strike, and what it loses never settles. */
export const mutantOptions = { count: 400, strikeMillis: 120_000, settleMillis: 10_000 };

const settledWhenRead: readonly Patch[] = [
  {
    file: 'src/pipeline/partition/in-flight-record.ts',
    find: 'partition.tracker.release(this.#slot);',
    put: 'this.#slot;',
  },
  {
    file: 'src/pipeline/intake.ts',
    find: 'backpressure.acquire(pending.bytes);\n      pending.release();',
    put: 'backpressure.acquire(pending.bytes);\n      pending.release();\n      partition.tracker.release(slot);',
  },
];

/** An exception about one record, as a bug of ours would throw it. */
const trap: Patch = {
  file: 'src/pipeline/route/plan.ts',
  find: 'const { parked } = record;\n',
  put: "const { parked } = record;\n  if (record.offset === 7) throw new TypeError('a trap');\n",
};

export const mutants: readonly Mutant[] = [
  {
    name: 'an exception about one record ends the process',
    patches: [
      trap,
      {
        file: 'src/pipeline/route/plan.ts',
        find: 'return failedPlan(record, isDone, bugOf(error));',
        put: 'throw error;',
      },
      { file: 'src/pipeline/intake.ts', find: 'if (pending !== undefined) throw error;', put: 'throw error;' },
    ],
    row: quietRow,
    found: /not settled within/,
  },
  {
    name: 'an exception about one record skips it',
    patches: [
      trap,
      {
        file: 'src/pipeline/route/plan.ts',
        find: 'return failedPlan(record, isDone, bugOf(error));',
        put: 'return { decoded: undefined, decisions: none };',
      },
    ],
    row: quietRow,
    found: /letters missing|events lost/,
  },
  {
    name: 'what an earlier process has done is not counted',
    patches: [
      {
        file: 'src/pipeline/outgoing.ts',
        find: "breakers.of(destination.name, subscription.id)?.wasDone(was.kind === 'rejected');",
        put: 'was;',
      },
    ],
    row: countedRow,
    found: /not settled within/,
    onApacheKafka: true,
  },
  {
    name: 'waits by the wall clock',
    patches: [
      {
        file: 'src/connector/system-clock.ts',
        find: 'monotonic: () => performance.now(),',
        put: 'monotonic: () => Date.now(),',
      },
    ],
    row: clockRow,
    found: /not settled within/,
  },
  {
    name: 'a position of a log that was deleted is used for the new one',
    patches: [
      {
        file: 'src/kafka/consumer/start-position.ts',
        find: 'return first !== undefined && second !== undefined && first !== second;',
        put: 'return first !== first || second !== second;',
      },
    ],
    row: remadeRow,
    found: /events lost/,
    onApacheKafka: true,
  },
  {
    name: 'commits what is only enqueued',
    patches: settledWhenRead,
    row: heldRow,
    found: /beyond an unsettled/,
  },
  {
    name: 'kafkajs resolves and commits by itself',
    patches: [
      { file: 'src/kafka/consumer/source.ts', find: 'autoCommit: false,', put: 'autoCommit: true,' },
      {
        file: 'src/kafka/consumer/source.ts',
        find: 'eachBatchAutoResolve: false,',
        put: 'eachBatchAutoResolve: true,',
      },
    ],
    row: heldRow,
    found: /beyond an unsettled/,
  },
  {
    name: 'kafkajs resolves by itself, and a gap is not noticed',
    patches: [
      {
        file: 'src/kafka/consumer/source.ts',
        find: 'eachBatchAutoResolve: false,',
        put: 'eachBatchAutoResolve: true,',
      },
      {
        file: 'src/kafka/consumer/reader.ts',
        find: 'if (fetchedOffsetOf(batch) !== owned.next) return mismatch(owned);',
        put: 'fetchedOffsetOf(batch); mismatch;',
      },
    ],
    row: fullRow,
    found: /events lost/,
  },
  {
    name: 'no epoch check in a commit',
    patches: [
      {
        file: 'src/kafka/consumer/committer.ts',
        find: 'requests.filter((request) => assignment.get(request)?.epoch === request.epoch)',
        put: 'requests',
      },
      { file: 'src/pipeline/intake.ts', find: 'partitions.delete(partitionKey({ topic, partition }));', put: '' },
    ],
    row: lateCommitRow,
    found: /were not the committer’s/,
    onApacheKafka: true,
  },
  {
    name: 'a dead letter is not awaited',
    patches: [
      {
        file: 'src/pipeline/settle/set-aside.ts',
        find: '      pending.release(subscriptionKey(destination, subscription));\n    });',
        put: '    });\n    pending.release(subscriptionKey(destination, subscription));',
      },
    ],
    row: lettersKeptRow,
    found: /beyond an unsettled/,
    onApacheKafka: true,
  },
  {
    name: 'no fence behind requests without an answer',
    patches: [
      {
        file: 'src/delivery/in-doubt.ts',
        find: 'if (ambiguous) aliveUntil =',
        put: 'if (outcomes.length < 0) aliveUntil =',
      },
    ],
    row: overtakenRow,
    found: /who left/,
  },
  {
    name: 'work of a partition that went away goes on',
    patches: [{ file: 'src/pipeline/intake.ts', find: 'ours.lost = true;', put: '' }],
    row: lateWorkRow,
    found: /was another’s/,
    onApacheKafka: true,
  },
  {
    name: 'no wait for the requests of the process before',
    patches: [
      {
        file: 'src/pipeline/partition/hand-over.ts',
        find: "return inherited === 'nothing' ? since : since + options.waitMillis;",
        put: 'inherited; return since;',
      },
    ],
    row: inheritedRow,
    found: /who left/,
  },
];
