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
  readonly intake: Pick<Intake, 'idle'>;
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
/** The last commit may meet a connection that has just ended. */
const commitTries = 3;

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
    const deadline = clock.now() + deadlineMillis;
    await attempt('STOP_READING', () => source.quiesce());
    drain();
    parking.stop();
    while (!allSettled() && !onlyStuckLeft() && clock.now() < deadline) await clock.sleep(pollMillis);
    const clean = allSettled();
    for (const lane of lanes.all()) lane.abort();
    audiences.abort();
    deadLetterWriter.abort();
    parking.abort();
    outgoing.stopTimers();
    committer.stop();
    for (let tries = 0; tries < commitTries && (tries === 0 || !committed()); tries++) await committer.flush();
    const kept = committed();
    await attempt('STOP_SOURCE', () => source.stop());
    const closing = attempt('STOP_DEAD_LETTERS', async () => {
      await opening?.catch(() => undefined);
      await close();
    });
    // What doesn't answer may take long to be opened, and there is nothing yet that would have to be closed.
    if (started) await closing;
    return clean && kept;
  }

  /** A step of the stop that fails must not keep the others from being taken. */
  async function attempt(code: string, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      telemetry.emit({ kind: 'warning', code, message: messageOf(error) });
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
