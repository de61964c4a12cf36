import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './checker.ts';
import type { Passage } from './doorway.ts';
import type { Row } from './row.ts';
import type { Scene } from './scene.ts';
import { members, tenthBroken } from './workload.ts';

/*
 * Rows whose every step is taken when the one before has happened: what is on its way is kept at the doorway until it is
 * told to go on. A deliberate bug has all the time it needs to strike (`scene.strikes`), so that it does so in every run;
 * a sound program is only watched for a moment, since nothing is to happen.
 */

/** Longer than any run: the connector doesn't give up what is kept. */
const patient = { META_REQUEST_TIMEOUT_MS: '120000' };
const isRows = ({ path }: Passage) => path.endsWith('/users');
const isRemoval = (passage: Passage) => isRows(passage) && passage.method === 'DELETE';

/** Nothing happens: for bugs that need no more. */
export const quietRow: Row = {
  name: 'driven: all goes well',
  async play(scene) {
    await scene.start();
    await scene.produce(scene.count);
  },
};

/** Nothing has reached Meta, so nothing may be committed. */
export const heldRow: Row = {
  name: 'driven: requests are kept on their way',
  scene: { doorways: true, environment: { ...patient, COMMIT_INTERVAL_MS: '100' } },
  async play(scene) {
    const connector = await scene.start();
    const hold = scene.doorway(connector).hold({ what: 'requests' });
    await scene.produce(scene.count);
    await scene.until('requests kept', () => hold.waiting() > 0);
    await scene.strikes(async () => (await scene.committed()) > 0);
    await hold.release();
  },
};

/** The window fills with what is kept, in the middle of what was fetched: reading pauses, and goes on. */
export const fullRow: Row = {
  name: 'driven: the window is full in the middle of a fetch',
  scene: { doorways: true, environment: { ...patient, MAX_IN_FLIGHT_BYTES: String(1024 * 1024) } },
  async play(scene) {
    // In small batches, so that the first fetch brings of each partition what it may: together more than the window holds.
    for (let batch = 0; batch < 6; batch += 1) await scene.produce(scene.count / 4);
    const connector = await scene.start();
    const hold = scene.doorway(connector).hold({ what: 'requests' });
    // More than it holds, also where the first had gone before requests were kept.
    await scene.produce(2 * scene.count);
    await scene.until('window full', async () => {
      const text = await (await fetch(`${connector.opsUrl()}/metrics`)).text();
      return /partition_paused\{[^}]*\} 1\b/.test(text);
    });
    // For ten times as long as a batch is held back then: what was fetched behind it is to be dropped, and fetched again.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    await hold.release();
  },
};

/** Letters can't be written, so nothing may be committed beyond the first of them. Needs a broker that can refuse. */
export const lettersKeptRow: Row = {
  name: 'driven: the topic of dead letters takes nothing',
  async play(scene) {
    await scene.start();
    await scene.refuseLetters(true);
    const produced = scene.produce(scene.count);
    await scene.accepted(scene.count / 2);
    await produced;
    await scene.strikes(found(scene, /beyond an unsettled/));
    await scene.refuseLetters(false);
  },
};

/**
 * Letters can't be written, so everything above the first of them is read again by the next process, which must not take
 * the rejections for all there is: the good ones are done already. Needs a broker that can refuse.
 */
export const countedRow: Row = {
  name: 'driven: letters can not be written, and the process is killed; one in ten is broken',
  scene: { workload: tenthBroken, environment: { COMMIT_INTERVAL_MS: '100' } },
  allowed: { repetitions: 'ambiguous' },
  async play(scene) {
    const first = await scene.start();
    await scene.refuseLetters(true);
    const half = scene.count / 2;
    await scene.produce(half);
    await scene.until('all good ones accepted', () => scene.sandbox.state.summary().events.unique >= half * 0.9);
    // A few commits, the last of which tells what is done.
    await sleep(2_000);
    first.kill('SIGKILL');
    await first.exited;
    scene.interrupted();
    await scene.refuseLetters(false);
    // With the bug it is never ready.
    scene.start().catch(() => undefined);
    await scene.strikes(() => scene.connectors().at(-1)?.log().includes('FUSE_BLOWN') === true);
    await scene.produce(half);
  },
};

/** Half of the partitions go to a second connector while answers to the first are kept. */
function movedRow(name: string, strike: RegExp): Row {
  return {
    name,
    scene: { doorways: true, maxEvents: 50, environment: { ...patient, REQUESTS_PER_LANE: '2' } },
    allowed: { repetitions: 'ambiguous' },
    async play(scene) {
      const first = await scene.start();
      const hold = scene.doorway(first).hold({ what: 'answers' });
      await scene.produce(scene.count);
      await scene.until('both requests kept', () => hold.waiting() === 2);
      const second = await scene.start();
      scene.interrupted();
      // What the second one gets waits, so that the first has all the time to do what it must not.
      const other = scene.doorway(second).hold({ what: 'requests' });
      // The checker excuses what is done in the moment of the change.
      await sleep(1_000);
      await hold.release();
      await scene.strikes(found(scene, strike));
      await other.release();
    },
  };
}

export const lateCommitRow = movedRow(
  'driven: answers come after their partitions have gone',
  /were not the committer’s/,
);
export const lateWorkRow = movedRow('driven: partitions have gone while work for them waits', /was another’s/);

/** The first half of the records are joins, the second half the same people's leaves. */
const half = 100;
const joinThenLeave = members({ user: (index) => index % half, joins: (index) => index < half });

/** Additions are kept until the connector has given them up, and beyond: who must not be overtaken by them waits. */
export const overtakenRow: Row = {
  name: 'driven: additions without an answer are kept until after the removals',
  scene: { doorways: true, workload: joinThenLeave, environment: { META_REQUEST_ALIVE_MS: '15000' } },
  allowed: { repetitions: 'ambiguous' },
  async play(scene) {
    const connector = await scene.start();
    const doorway = scene.doorway(connector);
    const hold = doorway.hold({ what: 'requests', matches: isRows, times: 1 });
    await scene.produce(half);
    await scene.until('additions given up', () => hold.givenUp() === 1);
    await scene.produce(half);
    await scene.strikes(() => doorway.answered(isRemoval) > 0);
    await hold.release();
  },
};

/** The same, of a process that is killed: its successor must not remove before the additions can't arrive any more. */
export const inheritedRow: Row = {
  name: 'driven: additions of a killed process are kept until after the removals of the next',
  scene: {
    doorways: true,
    workload: joinThenLeave,
    environment: { META_HAND_OVER_MARGIN_MS: '7000', KAFKA_SESSION_TIMEOUT_MS: '9000' },
  },
  allowed: { repetitions: 'ambiguous' },
  async play(scene) {
    const first = await scene.start();
    const hold = scene.doorway(first).hold({ what: 'requests', matches: isRows, times: 1 });
    await scene.produce(half);
    await scene.until('additions kept', () => hold.waiting() === 1);
    first.kill('SIGKILL');
    await first.exited;
    scene.interrupted();
    await scene.produce(half);
    const second = await scene.start();
    await scene.strikes(() => scene.doorway(second).answered(isRemoval) > 0);
    await hold.release();
  },
};

/** What the checker would say now. */
function found(scene: Scene, strike: RegExp): () => Promise<boolean> {
  return async () => {
    const { problems } = check(await scene.evidence(), { repetitions: 'ambiguous', inOrder: false });
    return problems.some((problem) => strike.test(problem));
  };
}
