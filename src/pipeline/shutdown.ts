import { ConnectorError, messageOf } from '../core/errors.ts';
import type { ParkingStore } from '../core/parked.ts';
import type { Clock, DeadLetterQueue, Telemetry } from '../core/ports.ts';
import type { Source } from '../core/source.ts';
import type { Committer } from './partition/committer.ts';
import type { DeadLetterWriter } from './settle/dead-letter-writer.ts';
import type { Intake } from './intake.ts';
import type { Parking } from './hold/parking.ts';
import type { Outgoing } from './outgoing.ts';
import type { Partition } from './partition/partition.ts';

export interface ShutdownOptions {
  readonly source: Source;
  readonly deadLetters: DeadLetterQueue;
  readonly parkingStore?: ParkingStore;
  readonly intake: Pick<Intake, 'idle' | 'stuck'>;
  readonly parking: Parking;
  readonly partitions: ReadonlyMap<string, Partition>;
  readonly outgoing: Pick<Outgoing, 'lanes' | 'audiences' | 'heldWork' | 'stopTimers'>;
  readonly deadLetterWriter: DeadLetterWriter;
  readonly committer: Committer;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** How the pipeline knows that all is settled, and how it stops. */
export interface Shutdown {
  /** A finite source has delivered its last record. */
  sourceEnded(): void;
  /** Every assigned partition was read to the end that was last heard of. */
  caughtUp(): boolean;
  recordsInFlight(): number;
  /** Opens the dead letters. True: it was not asked to stop meanwhile. */
  open(): Promise<boolean>;
  /** As `Pipeline.finished`. */
  finished(): Promise<void>;
  /** As `Pipeline.stop`. */
  stop(deadlineMillis: number): Promise<boolean>;
}

const pollMillis = 20;
/** The last commit may meet a connection that has just ended, or a group that is sharing its partitions anew. */
const commitTries = { atLeast: 3, atMost: 100 };
const commitPauseMillis = 100;
/** Of the time for a stop: kept for commits and for leaving, which a broker that is away makes long. */
const reserve = { share: 0.2, mostMillis: 5_000 };
/** However short the time is. */
const leastMillis = 2_000;
const leastMillisOfStep = 200;

export function createShutdown(options: ShutdownOptions): Shutdown {
  const {
    source,
    deadLetters,
    parkingStore,
    intake,
    parking,
    partitions,
    outgoing,
    deadLetterWriter,
    committer,
    clock,
    telemetry,
  } = options;
  const { lanes, audiences, heldWork } = outgoing;
  let ended = false;
  let opening: Promise<void> | undefined;
  /** The dead letters are open, so that something may have been written. */
  let started = false;
  let stopped: Promise<boolean> | undefined;

  function drain(): void {
    for (const lane of lanes.all()) lane.drain();
    audiences.drain();
  }

  async function open(): Promise<void> {
    await deadLetters.open();
    await parkingStore?.open();
  }

  async function close(): Promise<void> {
    await Promise.all([deadLetters.close(), parkingStore?.close()]);
  }

  const recordsInFlight = () => [...partitions.values()].reduce((sum, { tracker }) => sum + tracker.size(), 0);
  const allSettled = () =>
    intake.idle() &&
    recordsInFlight() === 0 &&
    deadLetterWriter.idle() &&
    parking.idle() &&
    heldWork.every((held) => held.held() === 0) &&
    audiences.idle() &&
    lanes.every((lane) => lane.idle());
  const committed = () =>
    [...partitions.values()].every((partition) => partition.committed >= partition.tracker.watermark());
  /** Nothing but what waits for a person is left. */
  const onlyStuckLeft = () =>
    intake.stuck() &&
    deadLetterWriter.idle() &&
    parking.idle() &&
    audiences.stuck() &&
    lanes.every((lane) => lane.idle() || lane.stuck());
  const caughtUp = () =>
    [...partitions.values()].every((partition) => partition.end !== undefined && partition.readTo >= partition.end);

  async function finished(): Promise<void> {
    // After a stop nothing waits for this any more, and its polling must not keep the process alive.
    while (stopped === undefined) {
      if (allSettled()) {
        const held = source.held?.() ?? [];
        if (ended || (caughtUp() && source.ready() && parking.drained())) return;
        if (held.length > 0 && caughtUp()) throw heldBack(held.map(({ reason }) => reason));
      }
      await clock.sleep(pollMillis);
    }
  }

  async function stop(deadlineMillis: number): Promise<boolean> {
    const startedAt = clock.monotonic();
    const end = startedAt + Math.max(deadlineMillis, leastMillis);
    const settleUntil = startedAt + deadlineMillis - Math.min(deadlineMillis * reserve.share, reserve.mostMillis);
    const before = [...partitions.values()];
    await attempt('STOP_READING', () => source.quiesce(), end);
    drain();
    parking.stop();
    while (!allSettled() && !onlyStuckLeft() && clock.monotonic() < settleUntil) await clock.sleep(pollMillis);
    const clean = allSettled();
    for (const lane of lanes.all()) lane.abort();
    audiences.abort();
    deadLetterWriter.abort();
    parking.abort();
    outgoing.stopTimers();
    committer.stop();
    await attempt('STOP_COMMITS', () => commitAll(end), end);
    // What was lost meanwhile may have been delivered without a commit.
    const kept = committed() && before.every(({ lost, tracker }) => !lost || tracker.size() === 0);
    await attempt('STOP_SOURCE', () => source.stop(), end);
    const closing = attempt(
      'STOP_DEAD_LETTERS',
      async () => {
        await opening?.catch(() => undefined);
        await close();
      },
      end,
    );
    // What doesn't answer may take long to be opened, and there is nothing yet that would have to be closed.
    if (started) await closing;
    return clean && kept;
  }

  async function commitAll(end: number): Promise<void> {
    await committer.flush();
    // What is done above a record is said once the watermark is seen to stay at it.
    await committer.flush();
    for (let tries = 1; tries < commitTries.atMost && !committed(); tries++) {
      if (tries >= commitTries.atLeast && clock.monotonic() >= end) return;
      await clock.sleep(commitPauseMillis);
      await committer.flush();
    }
  }

  /** A step of the stop that fails, or has no end, must not keep the others from being taken. */
  async function attempt(code: string, step: () => Promise<void>, end: number): Promise<void> {
    const done = new AbortController();
    const ended = step().finally(() => done.abort());
    try {
      await Promise.race([ended, timeOver(Math.max(end, clock.monotonic() + leastMillisOfStep), done.signal)]);
      if (!done.signal.aborted) telemetry.emit({ kind: 'warning', code, message: 'not done within the time' });
    } catch (error) {
      telemetry.emit({ kind: 'warning', code, message: messageOf(error) });
    }
    ended.catch(() => undefined);
  }

  async function timeOver(end: number, signal: AbortSignal): Promise<void> {
    for (let left = end - clock.monotonic(); left > 0 && !signal.aborted; left = end - clock.monotonic()) {
      await clock.sleep(left, signal);
    }
  }

  return {
    sourceEnded() {
      ended = true;
      drain();
    },
    caughtUp,
    recordsInFlight,
    async open() {
      opening = open();
      await opening;
      started = true;
      return stopped === undefined;
    },
    finished,
    stop(deadlineMillis) {
      stopped ??= stop(deadlineMillis);
      return stopped;
    },
  };
}

function heldBack(reasons: readonly string[]): ConnectorError {
  return new ConnectorError('PARTITION_HELD', `Everything else is settled, but ${reasons.join('; ')}.`);
}
