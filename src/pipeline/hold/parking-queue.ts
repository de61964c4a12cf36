import type { PendingRecord } from '../../core/delivery.ts';
import { backoffMillis } from '../../core/backoff.ts';
import { messageOf } from '../../core/errors.ts';
import type { ParkedRecord, WrittenParked } from '../../core/parked.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { TopicPartition } from '../../core/record.ts';

/** One subscription's part of a record, on its way into the lanes of its destination. */
export interface QueuedWork {
  /** Identifies it when its end is reported. */
  readonly key: object;
  readonly pending: PendingRecord;
  readonly destination: string;
  /** The subscription's stable id. */
  readonly subscription: string;
  /** Every lane that it goes into. */
  readonly lanes: readonly string[];
  /** As `doubtOf`; absent: it is never in doubt. */
  inDoubtSince?(): number | undefined;
  go(): void;
  /** It is in the parking partition: final for this reading of the record. */
  parked(): void;
  /** Its partition went to another process. */
  drop(): void;
  /** Of a record of which only a part is still wanted: its end where it would be written, since all of it would come back. */
  unwritable?(): void;
}

/** How far the parking partition was read again. */
export interface ReadBack {
  readonly readTo: number;
  /** Everything below is settled. */
  readonly settledTo: number;
  /** Where the parking partition ended when last heard of. */
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
  /** As `ParkingStore.write`. */
  write(records: readonly ParkedRecord[], isWanted: () => boolean): Promise<WrittenParked>;
}

/**
 * What one destination gets from one partition of the source. The queue is in one of three states:
 *
 * - direct: work goes into its lanes.
 * - parking, for the lanes named: work is written to the parking partition, in the order of the source.
 * - closing: the parking partition is nearly read to its end. Newer work is held in memory, and goes into its lanes when
 *   the last of the parking partition is settled; then the queue is direct again.
 *
 * A queue begins as closing, since an earlier process may have left something in the parking partition.
 */
export interface ParkingQueue {
  enter(work: QueuedWork): void;
  /** The end of the work is known, or it was dropped. */
  ended(key: object): void;
  /** The work is in its lanes, and came through here. */
  has(key: object): boolean;
  /** Its lane sent it back. `lanes`: those that still owe it; `then`: in place of `parked`. False: it isn't ours. */
  sentBack(key: object, lanes?: readonly string[], then?: () => void): boolean;
  /** From now on what goes into these lanes is parked, and whatever they share a record with. */
  park(lanes: readonly string[]): void;
  /** Whether something of one of these lanes may be in the parking partition. */
  uses(lanes: Iterable<string>): boolean;
  /**
   * `readBack`: absent while the parking partition isn't read. `open`: none of the queue's lanes is blocked. `full`: as
   * much is in flight as may be.
   */
  check(readBack: ReadBack | undefined, open: boolean, full: boolean): void;
  /** Drops what was abandoned. */
  purge(): void;
  /** Parks what is held in memory, because the process stops. */
  stop(): void;
  /** Nothing is to be written and nothing held. */
  idle(): boolean;
  direct(): boolean;
  /** Position behind the last that was written; 0: nothing was. */
  end(): number;
  /** Why the last write failed; undefined: it didn't. */
  failing(): string | undefined;
}

/** Work in its lanes. */
interface Sent {
  readonly work: QueuedWork;
  readonly sequence: number;
}

interface Waiting extends Sent {
  readonly lanes?: readonly string[];
  readonly then?: () => void;
}

const recordsPerWrite = 500;
const backoff = { firstMillis: 500, longestMillis: 30_000 };

export function createParkingQueue(options: ParkingQueueOptions): ParkingQueue {
  const { destination, host, clock, telemetry, signal, closeWithin } = options;
  /** In their lanes, by key, in the order of the source. */
  const out = new Map<object, Sent>();
  let waiting: Waiting[] = [];
  /** What waits stands in its order: there may be much of it. */
  let sorted = true;
  let held: Waiting[] = [];
  let parked: Set<string> | 'all' | undefined = 'all';
  let closing = true;
  let stopping = false;
  let reported = false;
  let writing = false;
  let failure: string | undefined;
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

  function startParking(): void {
    closing = false;
    if (held.length > 0) sorted = false;
    waiting = waiting.concat(held);
    held = [];
    report('parked');
    pump();
  }

  function report(state: 'parked' | 'drained'): void {
    if (reported === (state === 'parked')) return;
    reported = state === 'parked';
    telemetry.emit({ kind: 'parking', destination, topic: host.topic, partition: host.partition, state });
  }

  function depart(work: QueuedWork, order: number): void {
    out.set(work.key, { work, sequence: order });
    work.go();
  }

  function pump(): void {
    if (writing || waiting.length === 0) return;
    writing = true;
    // What is sent back in the same turn is put in order first.
    setImmediate(() => void writeAll());
  }

  /** Takes what may be written: nothing before what is older and still in one of the parked lanes. */
  function nextChunk(): readonly Waiting[] {
    if (!sorted) waiting.sort(bySequence);
    sorted = true;
    const oldest = oldestOf(out.values(), uses);
    const chunk: Waiting[] = [];
    let looked = 0;
    for (const item of waiting) {
      if (chunk.length >= recordsPerWrite || item.sequence > oldest) break;
      looked += 1;
      const { work } = item;
      if (work.pending.abandoned) work.drop();
      else if (work.unwritable !== undefined) work.unwritable();
      else chunk.push(item);
    }
    waiting.splice(0, looked);
    return chunk;
  }

  async function writeAll(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const chunk = nextChunk();
      if (chunk.length === 0) break;
      const isWanted = () => chunk.every(({ work }) => !work.pending.abandoned);
      let written: WrittenParked;
      try {
        written = await options.write(chunk.map(recordOf), isWanted);
      } catch (error) {
        waiting.unshift(...chunk);
        if (!isWanted()) continue;
        failures += 1;
        const waitMillis = backoffMillis(backoff, failures);
        failure = messageOf(error);
        telemetry.emit({ kind: 'parking_failed', destination, message: failure, waitMillis });
        await clock.sleep(waitMillis, signal);
        continue;
      }
      failures = 0;
      failure = undefined;
      end = Math.max(end, written.end);
      waiting.unshift(...chunk.slice(written.count));
      telemetry.emit({ kind: 'parked', destination, count: written.count });
      for (const { work, then } of chunk.slice(0, written.count)) (then ?? work.parked)();
    }
    // What could not be written may have gone to another process.
    failure = undefined;
    writing = false;
  }

  function release(): void {
    parked = undefined;
    closing = false;
    report('drained');
    const going = held;
    held = [];
    // What went into other lanes meanwhile is newer.
    const inOrder = [...out.values(), ...going].sort(bySequence);
    out.clear();
    for (const { work, sequence: order } of inOrder) out.set(work.key, { work, sequence: order });
    for (const { work } of going) work.go();
  }

  return {
    uses,
    enter(work) {
      sequence += 1;
      if (!uses(work.lanes)) {
        depart(work, sequence);
        return;
      }
      include(work.lanes);
      (closing ? held : waiting).push({ work, sequence });
      if (!closing) pump();
    },
    ended(key) {
      if (out.delete(key)) pump();
    },
    has: (key) => out.has(key),
    sentBack(key, lanes, then) {
      const sent = out.get(key);
      if (sent === undefined) return false;
      out.delete(key);
      include(lanes ?? sent.work.lanes);
      sorted = false;
      waiting.push({ ...sent, ...(lanes !== undefined && { lanes }), ...(then !== undefined && { then }) });
      startParking();
      return true;
    },
    park(lanes) {
      include(lanes);
      startParking();
    },
    check(readBack, open, full) {
      if (parked === undefined) return;
      // What is held may be why the parking partition can't be read.
      if (full && held.length > 0) startParking();
      if (readBack === undefined) return;
      end = Math.max(end, readBack.end);
      const near = end + waiting.length - readBack.readTo <= closeWithin;
      if (closing && !near) startParking();
      else if (!closing && near && open && !stopping) closing = true;
      if (closing && waiting.length === 0 && !writing && readBack.settledTo >= end) release();
    },
    purge() {
      for (const [key, { work }] of out) if (work.pending.abandoned) out.delete(key);
      const gone = [...waiting, ...held].filter(({ work }) => work.pending.abandoned);
      const lost = new Set(gone);
      waiting = waiting.filter((item) => !lost.has(item));
      held = held.filter((item) => !lost.has(item));
      for (const { work } of gone) work.drop();
    },
    stop() {
      stopping = true;
      if (held.length > 0) startParking();
    },
    idle: () => waiting.length === 0 && !writing && held.length === 0,
    direct: () => parked === undefined,
    end: () => end,
    failing: () => failure,
  };
}

function bySequence(a: Sent, b: Sent): number {
  return a.sequence - b.sequence;
}

function recordOf({ work, lanes }: Waiting): ParkedRecord {
  const { pending, destination, subscription } = work;
  const inDoubtSince = work.inDoubtSince?.();
  return {
    ...{ record: pending.record, destination, subscription },
    ...(lanes !== undefined && { lanes }),
    ...(inDoubtSince !== undefined && { inDoubtSince }),
  };
}

/** The sequence of the oldest work in lanes that `uses` is true for; they are in order. */
function oldestOf(sent: Iterable<Sent>, uses: (lanes: Iterable<string>) => boolean): number {
  for (const { work, sequence } of sent) if (uses(work.lanes)) return sequence;
  return Number.POSITIVE_INFINITY;
}
