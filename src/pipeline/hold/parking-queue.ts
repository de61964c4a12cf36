import type { PendingRecord } from '../../core/delivery.ts';
import { backoffMillis } from '../../core/backoff.ts';
import { messageOf } from '../../core/errors.ts';
import type { ParkedRecord } from '../../core/parked.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { TopicPartition } from '../../core/record.ts';

/** One subscription's part of a record, on its way into the lanes of its destination. */
export interface QueuedWork {
  /** What its end is told with. */
  readonly key: object;
  readonly pending: PendingRecord;
  readonly destination: string;
  /** The subscription's stable id. */
  readonly subscription: string;
  /** Every lane that it goes into. */
  readonly lanes: readonly string[];
  go(): void;
  /** It is in the parking place: final for this reading of the record. */
  parked(): void;
  /** It is nobody's any more. */
  drop(): void;
}

/** How far the parking place was read again. */
export interface Drain {
  readonly readTo: number;
  /** Everything below is settled. */
  readonly settledTo: number;
  /** Where the place ended when last heard of. */
  readonly end: number;
}

export interface ParkingQueueOptions {
  readonly destination: string;
  /** The partition of the source whose records wait here. */
  readonly host: TopicPartition;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly signal: AbortSignal;
  /** Once so few are left to be read again, what is newer waits for them in memory. */
  readonly closeWithin: number;
  write(records: readonly ParkedRecord[]): Promise<number>;
}

/**
 * What one destination gets from one partition of the source.
 *
 * Direct: it goes into its lanes. Parking, for the lanes named: it is written to the parking place, in the order of the
 * source. Closing: the place is nearly read to its end; what is newer is held in memory, and when the last of the place
 * is settled it goes into its lanes, and the lot is direct again. A lot begins as closing, since an earlier process may
 * have left something in the place.
 */
export interface ParkingQueue {
  enter(passenger: QueuedWork): void;
  /** Its end is known, or it was dropped. */
  ended(key: object): void;
  /** Its lane sent it back. `lanes`: those that still owe it; `then`: in place of `parked`. False: it isn't ours. */
  sentBack(key: object, lanes?: readonly string[], then?: () => void): boolean;
  /** From now on what goes into these lanes is parked, and whatever they share a record with. */
  park(lanes: readonly string[]): void;
  /** Whether something of one of these lanes may be in the place. */
  uses(lanes: Iterable<string>): boolean;
  /**
   * `drain`: absent while the place isn't read. `open`: none of the lot's lanes is blocked. `full`: as much is in flight
   * as may be.
   */
  check(drain: Drain | undefined, open: boolean, full: boolean): void;
  /** Drops what was abandoned. */
  purge(): void;
  /** Parks what is held in memory, because the process stops. */
  stop(): void;
  /** Nothing is to be written and nothing held. */
  idle(): boolean;
  direct(): boolean;
  /** Position behind the last that was written; 0: nothing was. */
  end(): number;
}

interface Waiting {
  readonly passenger: QueuedWork;
  readonly sequence: number;
  readonly lanes?: readonly string[];
  readonly then?: () => void;
}

const recordsPerWrite = 500;
const backoff = { firstMillis: 500, longestMillis: 30_000 };

export function createParkingQueue(options: ParkingQueueOptions): ParkingQueue {
  const { destination, host, clock, telemetry, signal, closeWithin } = options;
  /** In their lanes, by key, in the order of the source. */
  const out = new Map<object, { readonly passenger: QueuedWork; readonly sequence: number }>();
  let waiting: Waiting[] = [];
  let held: Waiting[] = [];
  let parked: Set<string> | 'all' | undefined = 'all';
  let closing = true;
  let stopping = false;
  let told = false;
  let writing = false;
  let end = 0;
  let sequence = 0;

  function uses(lanes: Iterable<string>): boolean {
    if (parked === undefined) return false;
    for (const lane of lanes) if (parked === 'all' || parked.has(lane)) return true;
    return false;
  }

  function include(lanes: readonly string[]): void {
    parked ??= new Set();
    if (parked !== 'all') for (const lane of lanes) parked.add(lane);
  }

  function openPlace(): void {
    closing = false;
    waiting.push(...held);
    held = [];
    tell('parked');
    pump();
  }

  function tell(state: 'parked' | 'drained'): void {
    if (told === (state === 'parked')) return;
    told = state === 'parked';
    telemetry.emit({ kind: 'parking', destination, topic: host.topic, partition: host.partition, state });
  }

  function depart(passenger: QueuedWork, place: number): void {
    out.set(passenger.key, { passenger, sequence: place });
    passenger.go();
  }

  function pump(): void {
    if (writing || waiting.length === 0) return;
    writing = true;
    // What is turned away in the same turn is put in order first.
    setImmediate(() => void writeAll());
  }

  /** Takes what may be written: nothing before what is older and still in one of the parked lanes. */
  function nextChunk(): readonly Waiting[] {
    for (const { passenger } of waiting) if (passenger.pending.abandoned) passenger.drop();
    waiting = waiting
      .filter(({ passenger }) => !passenger.pending.abandoned)
      .sort((one, other) => one.sequence - other.sequence);
    let floor = Number.POSITIVE_INFINITY;
    for (const one of out.values()) {
      if (!uses(one.passenger.lanes)) continue;
      floor = one.sequence;
      break;
    }
    const stop = waiting.findIndex((one) => one.sequence > floor);
    return waiting.splice(0, Math.min(recordsPerWrite, stop < 0 ? waiting.length : stop));
  }

  async function writeAll(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const chunk = nextChunk();
      if (chunk.length === 0) break;
      try {
        end = Math.max(end, await options.write(chunk.map(recordOf)));
      } catch (error) {
        waiting.unshift(...chunk);
        failures += 1;
        const waitMillis = backoffMillis(backoff, failures);
        telemetry.emit({ kind: 'parking_failed', destination, message: messageOf(error), waitMillis });
        await clock.sleep(waitMillis, signal);
        continue;
      }
      failures = 0;
      telemetry.emit({ kind: 'parked', destination, count: chunk.length });
      for (const { passenger, then } of chunk) (then ?? passenger.parked)();
    }
    writing = false;
  }

  function release(): void {
    parked = undefined;
    closing = false;
    tell('drained');
    const going = held;
    held = [];
    for (const { passenger, sequence: place } of going) depart(passenger, place);
  }

  return {
    uses,
    enter(passenger) {
      sequence += 1;
      if (!uses(passenger.lanes)) {
        depart(passenger, sequence);
        return;
      }
      include(passenger.lanes);
      (closing ? held : waiting).push({ passenger, sequence });
      if (!closing) pump();
    },
    ended(key) {
      if (out.delete(key)) pump();
    },
    sentBack(key, lanes, then) {
      const one = out.get(key);
      if (one === undefined) return false;
      out.delete(key);
      include(lanes ?? one.passenger.lanes);
      waiting.push({ ...one, ...(lanes !== undefined && { lanes }), ...(then !== undefined && { then }) });
      openPlace();
      return true;
    },
    park(lanes) {
      include(lanes);
      openPlace();
    },
    check(drain, open, full) {
      if (parked === undefined) return;
      // What is held may be why the place can't be read.
      if (full && held.length > 0) openPlace();
      if (drain === undefined) return;
      end = Math.max(end, drain.end);
      const near = end + waiting.length - drain.readTo <= closeWithin;
      if (closing && !near) openPlace();
      else if (!closing && near && open && !stopping) closing = true;
      if (closing && waiting.length === 0 && !writing && drain.settledTo >= end) release();
    },
    purge() {
      for (const [key, { passenger }] of out) if (passenger.pending.abandoned) out.delete(key);
      const gone = [...waiting, ...held].filter(({ passenger }) => passenger.pending.abandoned);
      const lost = new Set(gone);
      waiting = waiting.filter((one) => !lost.has(one));
      held = held.filter((one) => !lost.has(one));
      for (const { passenger } of gone) passenger.drop();
    },
    stop() {
      stopping = true;
      if (held.length > 0) openPlace();
    },
    idle: () => waiting.length === 0 && !writing && held.length === 0,
    direct: () => parked === undefined,
    end: () => end,
  };
}

function recordOf({ passenger, lanes }: Waiting): ParkedRecord {
  const { pending, destination, subscription } = passenger;
  return { record: pending.record, destination, subscription, ...(lanes !== undefined && { lanes }) };
}
