import type { AudienceChange, AudienceTarget, AudienceUpdate } from '../../core/audience.ts';
import type { Delivery, PendingRecord, RequestWatch } from '../../core/delivery.ts';
import { ConnectorError } from '../../core/errors.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { Destination, Subscription } from '../../core/subscription.ts';
import type { Blockage, LaneSink } from '../lane.ts';
import { type AudienceDoor, audienceDoor } from './door.ts';
import type { QueuedChange } from './flush-queue.ts';
import type { HandOver } from './hand-over.ts';
import { type AudienceLane, audienceLane, type ChangeEnd } from './lane.ts';
import { type RecordPart, recordPart } from './record-part.ts';
import { rejectedHalt } from './rejected-halt.ts';
import type { SentRow } from './requests.ts';
import { targetKey } from './target-key.ts';

/** An audience that is there and takes rows. */
export interface ResolvedAudience {
  readonly id: string;
  /** Additions need a value. */
  readonly valueBased: boolean;
}

/** The search for an audience, with retries and a gate of its own. */
export interface AudienceSearch {
  /** Found, checked and if need be created, as long as that takes. Rejects only when it is aborted. */
  readonly found: Promise<ResolvedAudience>;
  blocked(): Blockage | undefined;
  wake(): void;
}

/** What an audience's requests go through. */
export interface AudienceSending {
  readonly sink: LaneSink;
  /** Waits until no request can still arrive at Meta, also one that nobody answered. */
  quiet(signal: AbortSignal): Promise<void>;
}

/** Audiences at Meta, as the pipeline needs them. */
export interface AudiencePort {
  /** How long a change waits for company, where the destination says nothing. */
  readonly lingerMillis: number;
  /** How long after a partition became ours a request of the process that had it before may still arrive. */
  readonly handOverMillis: number;
  search(destination: Destination, target: AudienceTarget, signal: AbortSignal): AudienceSearch;
  /** Asked once per audience. `watch` is to hear of every request that carries rows. */
  sending(destination: Destination, audience: ResolvedAudience, watch: RequestWatch): AudienceSending;
}

export interface AudiencesOptions extends AudiencePort {
  readonly handOver: Pick<HandOver, 'pass' | 'watch' | 'held' | 'close'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Bytes of changes on their way. */
  took(bytes: number): void;
  gaveBack(bytes: number): void;
  /** One change ended. */
  counted(work: AudienceWork, end: ChangeEnd['kind']): void;
  /**
   * Every change of the work is final, but for those of the targets (`targetKey`) that are to be parked. With a failure:
   * it is set aside before the record is released.
   */
  done(work: AudienceWork, failure: Failure | undefined, parked: readonly string[]): void;
  failed(error: unknown): void;
}

/** What one subscription makes of one record. */
export interface AudienceWork {
  readonly destination: Destination;
  readonly subscription: Subscription;
  readonly updates: readonly AudienceUpdate[];
  /** Entries that can't be used. */
  readonly failure?: Failure;
  /** Held once for the whole of it. */
  readonly pending: PendingRecord;
}

/** Changes of audiences, from `prepare` to their ends: audience found, lane by lane, in order. */
export interface Audiences {
  offer(work: AudienceWork): void;
  drain(): void;
  idle(): boolean;
  /** Nothing is left that could end without a person, or without waiting for a hand-over. */
  stuck(): boolean;
  /** Changes that are not final. */
  size(): number;
  blockages(): readonly (Blockage & { readonly lane: string })[];
  /** Partitions went to another process. */
  recheck(): void;
  /** What waits for a blocked audience of the destination ends as rejected. */
  turnAway(
    destination: Destination,
    which: (blockage: Blockage) => boolean,
    reason: (blockage: Blockage) => Failure,
  ): void;
  /** Targets (`targetKey`) of the destination whose changes wait for a person, and why. */
  blockedTargets(destination: string): ReadonlyMap<string, Blockage>;
  wake(): void;
  /** What a person had to look at goes on. */
  resume(): void;
  abort(): void;
}

export interface ChangeItem {
  readonly work: AudienceWork;
  readonly part: RecordPart;
  /** `targetKey` */
  readonly target: string;
  readonly bytes: number;
}

interface OpenLane extends AudienceLane<ChangeItem> {
  readonly destination: Destination;
}

/** What a change costs beyond its text: the objects around it. */
const overheadBytes = 1_200;
const bytesPerCell = 120;

export function audiences(options: AudiencesOptions): Audiences {
  const abortion = new AbortController();
  const doors = new Map<string, AudienceDoor>();
  const lanes = new Map<string, OpenLane>();
  let draining = false;

  function doorOf(destination: Destination, target: AudienceTarget): AudienceDoor {
    const key = targetKey(target);
    const found = doors.get(key);
    if (found !== undefined) return found;
    const door = audienceDoor({
      name: target.kind === 'id' ? target.id : target.name,
      destination,
      search: options.search(destination, target, abortion.signal),
      aborted: () => abortion.signal.aborted,
      lane: (audience) => laneOf(destination, audience),
      ended,
      failed: options.failed,
    });
    doors.set(key, door);
    return door;
  }

  function laneOf(destination: Destination, audience: ResolvedAudience): AudienceLane<ChangeItem> {
    const found = lanes.get(audience.id);
    if (found !== undefined) return found;
    const { batch, maxRejectedPerBatch = -1 } = destination.settings;
    const { sink, quiet } = options.sending(destination, audience, options.handOver.watch);
    const { clock, telemetry } = options;
    const name = `audience ${audience.id}`;
    const lane = audienceLane<ChangeItem>({
      name,
      audienceId: audience.id,
      sink,
      quiet,
      halt: rejectedHalt({ lane: name, threshold: maxRejectedPerBatch, clock, telemetry }),
      limits: batch,
      lingerMillis: batch.lingerMillis ?? options.lingerMillis,
      deliveryOf,
      abandoned: ({ work }) => work.pending.abandoned,
      ended,
      failed: options.failed,
    });
    lanes.set(audience.id, { ...lane, destination });
    if (draining) lane.drain();
    return lane;
  }

  function ended({ item: { work, part, target, bytes }, change }: QueuedChange<ChangeItem>, end: ChangeEnd): void {
    options.gaveBack(bytes);
    options.counted(work, end.kind);
    part.ended(change.entry, end, target);
  }

  function queuedOf(work: AudienceWork, update: AudienceUpdate, part: RecordPart): readonly QueuedChange<ChangeItem>[] {
    return update.changes.map((change) => {
      const bytes = overheadBytes + bytesOf(change);
      options.took(bytes);
      const item = { work, part, target: targetKey(update.target), bytes };
      return { change, settings: update.settings, destination: work.destination.name, item };
    });
  }

  const everyOne = () => [...doors.values(), ...lanes.values()];

  return {
    offer(work) {
      const count = work.updates.reduce((sum, update) => sum + Math.max(1, update.changes.length), 0);
      const whole = work.updates.length > 1 && work.updates.some(replaces);
      const part = recordPart({
        count,
        failure: work.failure,
        whole,
        done: (failure, parked) => options.done(work, failure, parked),
      });
      for (const update of work.updates) {
        const items = queuedOf(work, update, part);
        const settled = (end: ChangeEnd) => part.ended(undefined, end, targetKey(update.target));
        const door = doorOf(work.destination, update.target);
        options.handOver.pass(work.pending, () => door.enter({ update, items, settled }));
      }
    },
    drain() {
      draining = true;
      for (const lane of lanes.values()) lane.drain();
    },
    idle: () => options.handOver.held() === 0 && everyOne().every((one) => one.idle()),
    stuck: () => everyOne().every((one) => one.idle() || one.blocked() !== undefined),
    size: () => everyOne().reduce((sum, one) => sum + one.size(), options.handOver.held()),
    blockages: () =>
      everyOne().flatMap((one) => {
        const blockage = one.blocked();
        return blockage === undefined ? [] : [{ lane: one.name, ...blockage }];
      }),
    recheck() {
      for (const lane of lanes.values()) lane.recheck();
    },
    turnAway(destination, which, reason) {
      for (const one of everyOne()) {
        const blockage = one.destination.name === destination.name ? one.blocked() : undefined;
        if (blockage !== undefined && which(blockage)) one.turnAway(reason(blockage));
      }
    },
    blockedTargets(destination) {
      const found = new Map<string, Blockage>();
      for (const [key, door] of doors) {
        if (door.destination.name !== destination) continue;
        const id = door.audienceId();
        const blockage = door.blocked() ?? (id === undefined ? undefined : lanes.get(id)?.blocked());
        if (blockage !== undefined) found.set(key, blockage);
      }
      return found;
    },
    wake() {
      for (const one of everyOne()) one.wake();
    },
    resume() {
      for (const lane of lanes.values()) lane.resume();
    },
    abort() {
      abortion.abort();
      for (const lane of lanes.values()) lane.abort();
      options.handOver.close();
    },
  };
}

/** Where no subscription changes audiences. */
export const noAudiences: AudiencePort = {
  lingerMillis: 0,
  handOverMillis: 0,
  search: noPort,
  sending: noPort,
};

function noPort(): never {
  throw new ConnectorError('NO_AUDIENCES', 'A subscription changes audiences, and nothing is there to send them.');
}

function replaces({ changes }: AudienceUpdate): boolean {
  return changes[0]?.operation === 'replace';
}

function deliveryOf({ of, batchKey, body, bytes, terms }: SentRow<ChangeItem>): Delivery {
  const { destination, subscription, pending } = of.item.work;
  return {
    destination: destination.name,
    subscription: subscription.id,
    action: subscription.action.key,
    batchKey,
    body,
    bytes,
    terms,
    pending,
  };
}

function bytesOf(change: AudienceChange): number {
  return change.rows.reduce((sum, row) => sum + bytesPerCell * Object.keys(row).length, 0);
}
