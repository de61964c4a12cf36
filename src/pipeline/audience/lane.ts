import type { AudienceSession } from '../../core/audience.ts';
import type { LaneState } from '../../core/lane-state.ts';
import type { Failure } from '../../core/outcome.ts';
import { type Blockage, type LaneSink, stateOf, stateOfBlockage } from '../lane/lane.ts';
import { parkedCode } from '../lane/parked-failure.ts';
import type { RejectionHalt } from '../lane/rejection-halt.ts';
import { isCounted, type Rejected, rejectedDelivery } from '../lane/rejection-report.ts';
import { type ChangeEnd, covered, delivered, dropped, superseded } from './change-end.ts';
import { createFlushQueue, type Flush, isOf, type QueuedChange, type TakenOut } from './flush-queue.ts';
import { type RequestLimits, type RowForm, requestsOf, type SentRow } from './requests.ts';

export interface AudienceLaneOptions<Q> {
  readonly name: string;
  readonly audienceId: string;
  readonly sink: LaneSink;
  readonly halt: RejectionHalt;
  /** This and the next two are read at each use. */
  readonly limits: RequestLimits;
  /** How long the first change of a flush waits for company. */
  readonly lingerMillis: number;
  /** Rejected rows of one request above which the lane stops until a person has looked; below 0: never. */
  readonly maxRejected: number;
  /** What was rejected before sending while the changes were gathered that are sent now. */
  rejectedEarly(): readonly Rejected[];
  /** Waits until no request of this lane can still arrive at Meta, also one without an answer. */
  quiet(signal: AbortSignal): Promise<void>;
  readonly deliveryOf: RowForm<Q, SentRow<Q>>;
  abandoned(queued: Q): boolean;
  /** Why it isn't to be sent any more: its subscription was removed. */
  removed(queued: Q): Failure | undefined;
  /** Whether it can be parked where the flush is given up for that. */
  parks(queued: Q): boolean;
  /** Called once for each change. */
  ended(queued: Q, end: ChangeEnd): void;
  /** Something threw that isn't the stop: a bug. */
  failed(error: unknown): void;
}

/** One audience: its changes coalesced into flushes, one flush under way, its requests one after another. */
export interface AudienceLane<Q> {
  readonly name: string;
  offer(change: Q): void;
  /** The changes of a list that is sent as it is. */
  offerWhole(changes: readonly Q[], session?: AudienceSession): void;
  /** Waits for company no more. */
  drain(): void;
  /** No change is on its way, nor a request that may still arrive at Meta. */
  idle(): boolean;
  /** It is idle, and nothing would be forgotten with it. */
  isAtRest(): boolean;
  /** Changes that are not final. */
  size(): number;
  /** Whether one of them is such a change. */
  some(which: (queued: Q) => boolean): boolean;
  /** Waits for a person: Meta wants something, or too much is rejected. */
  blocked(): Blockage | undefined;
  state(): LaneState;
  /** Changes were abandoned, or their subscription was removed. */
  dropRemoved(): void;
  /** The flush under way, if it waits for a blocked lane, ends as rejected. What is to be parked does behind it, too. */
  rejectWaiting(failure: Failure): void;
  wake(): void;
  /** What waited for a person goes on. */
  resume(): void;
  /** Nobody will look: where too much was rejected, what was sent ends as it was answered, and the rest waits on. */
  giveUp(): void;
  /** Ends the request under way; nothing of it settles. */
  abort(): void;
  /** To be called when it is idle and gets nothing any more. */
  close(): void;
}

export function createAudienceLane<Q extends QueuedChange>(options: AudienceLaneOptions<Q>): AudienceLane<Q> {
  const queue = createFlushQueue<Q>();
  const abortion = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let underWay: Pick<Flush<Q>, 'changes' | 'covered'> = nothing;
  let running = false;
  let draining = false;
  let givenUp = false;

  function pump(): void {
    if (running || isGivenUp() || abortion.signal.aborted || queue.size() === 0) return;
    const now = draining || queue.closed() || queue.rows() >= options.limits.maxRows;
    if (now) clearTimer();
    // Never at once: what comes in the same turn goes along.
    timer ??= setTimeout(() => void run(), now ? 0 : options.lingerMillis);
  }

  function clearTimer(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  async function run(): Promise<void> {
    clearTimer();
    const flush = queue.take();
    if (flush === undefined) return;
    running = true;
    try {
      await send(flush, options.rejectedEarly());
    } catch (error) {
      if (!abortion.signal.aborted) options.failed(error);
      return;
    } finally {
      running = false;
      underWay = nothing;
    }
    pump();
  }

  async function send(flush: Flush<Q>, early: readonly Rejected[]): Promise<void> {
    const waiting = new Set<Q>();
    for (let open = flush.changes; open.length > 0 && !abortion.signal.aborted; ) {
      underWay = { changes: open, covered: flush.covered };
      open = await sendOnce(open, flush, early, waiting);
    }
    if (waiting.size === 0 && !abortion.signal.aborted) flush.discard();
  }

  /** Resolves with those that are to be sent again before anything newer. The others have ended, or are `waiting`. */
  async function sendOnce(
    changes: Flush<Q>['changes'],
    flush: Flush<Q>,
    early: readonly Rejected[],
    waiting: Set<Q>,
  ): Promise<Flush<Q>['changes']> {
    const chosen = changes.map((latest) => chosenOf(latest, flush));
    const sent = chosen.filter((queued) => queued !== undefined);
    const refused = new Map<Q, Failure>();
    const unsent = new Set<Q>();
    for (const rows of requestsOf(options.audienceId, sent, options.limits, options.deliveryOf, flush.session)) {
      const ours: SentRow<Q>[] = [];
      for (const row of rows) {
        const removed = options.removed(row.change);
        if (isGivenUp()) waiting.add(row.change);
        else if (options.abandoned(row.change)) unsent.add(row.change);
        else if (removed !== undefined) refused.set(row.change, removed);
        else ours.push(row);
      }
      if (ours.length > 0) await request(ours, refused, early);
      // One that may still arrive would take out those who are added behind it.
      if (ours[0]?.terms.operation === 'replace') await options.quiet(abortion.signal);
    }
    await options.quiet(abortion.signal);
    const again: Q[] = [];
    if (abortion.signal.aborted) return again;
    for (const [at, latest] of changes.entries()) {
      const sentChange = chosen[at];
      if (sentChange !== undefined && waiting.has(sentChange)) continue;
      const isParked = sentChange !== undefined && refused.get(sentChange)?.code === parkedCode;
      if (isParked && !parks(latest, flush.covered.get(latest) ?? none)) again.push(latest);
      else settle(latest, flush, sentChange, refused, unsent);
    }
    return again;
  }

  /** One that can't be parked must not end behind what came later, and so those that it covers, or that cover it, stay too. */
  function parks(latest: Q, itsCovered: readonly Q[]): boolean {
    const canBe = (each: Q) => options.abandoned(each) || options.parks(each);
    return canBe(latest) && itsCovered.every(canBe);
  }

  /** All at once: each flush would come to the closed gate on its own, and there may be hundreds. */
  function parkQueued(failure: Failure): void {
    for (const flush of queue.takeOut(parks)) {
      for (const latest of flush.changes) settle(latest, flush, latest, new Map([[latest, failure]]), new Set());
    }
  }

  function isGivenUp(): boolean {
    return givenUp && options.halt.blockage() !== undefined;
  }

  /** The newest that is still ours: what another process has got, it sends itself. */
  function chosenOf(latest: Q, { covered }: TakenOut<Q>): Q | undefined {
    if (!options.abandoned(latest)) return latest;
    return covered.get(latest)?.findLast((each) => !options.abandoned(each));
  }

  async function request(
    rows: readonly SentRow<Q>[],
    refused: Map<Q, Failure>,
    early: readonly Rejected[],
  ): Promise<void> {
    const outcomes = await options.sink.send(rows, abortion.signal);
    if (outcomes.length !== rows.length) {
      throw new Error(`audience lane ${options.name}: ${outcomes.length} outcomes for ${rows.length} rows`);
    }
    const rejected: Rejected[] = [];
    for (let index = 0; index < outcomes.length; index += 1) {
      const outcome = outcomes[index];
      if (outcome?.kind !== 'rejected') continue;
      const row = rows[index];
      if (row === undefined || options.abandoned(row.change)) continue;
      if (!refused.has(row.change)) refused.set(row.change, outcome.failure);
      if (options.removed(row.change) === undefined && isCounted(outcome.failure)) {
        rejected.push(rejectedDelivery({ delivery: row, failure: outcome.failure }));
      }
    }
    const { signal } = abortion;
    const counted = rejected.length === 0 ? [] : [...rejected, ...early];
    if (!signal.aborted && options.halt.review(counted, options.maxRejected) && !givenUp)
      await options.halt.ended(signal);
  }

  /** The one that was sent ends as it was answered, and those that it covers with it. */
  function settle(
    latest: Q,
    flush: TakenOut<Q>,
    chosen: Q | undefined,
    refused: ReadonlyMap<Q, Failure>,
    unsent: ReadonlySet<Q>,
  ): void {
    const failure = chosen === undefined ? undefined : refused.get(chosen);
    for (const queued of flush.covered.get(latest) ?? none) end(queued, chosen, failure, unsent);
    end(latest, chosen, failure, unsent);
  }

  function end(queued: Q, chosen: Q | undefined, failure: Failure | undefined, unsent: ReadonlySet<Q>): void {
    if (options.abandoned(queued) || unsent.has(queued)) options.ended(queued, dropped);
    else if (failure !== undefined) {
      options.ended(queued, { kind: 'rejected', failure: queued === chosen ? failure : superseded(failure) });
    } else options.ended(queued, queued === chosen ? delivered : covered);
  }

  const idle = () => queue.size() === 0 && !running;
  const blocked = () => options.halt.blockage() ?? options.sink.blocked?.();

  return {
    name: options.name,
    offer(change) {
      queue.add(change);
      pump();
    },
    offerWhole(changes, session) {
      queue.addWhole(changes, session);
      pump();
    },
    drain() {
      draining = true;
      pump();
    },
    idle,
    isAtRest: () => idle() && blocked() === undefined && options.sink.isAtRest?.() !== false,
    size: () => queue.size() + sizeOf(underWay),
    some(which) {
      if (queue.some(which)) return true;
      const { changes, covered } = underWay;
      return changes.some((queued) => isOf(queued, covered, which));
    },
    blocked,
    state() {
      const halted = options.halt.blockage();
      return halted === undefined ? stateOf(options.sink) : stateOfBlockage(halted);
    },
    dropRemoved() {
      const isLost = (each: Q) => options.abandoned(each);
      for (const flush of queue.takeOut((queued, itsCovered) =>
        // Of what another process has got, the changes that it covers may be ours to send.
        isLost(queued) ? itsCovered.every(isLost) : options.removed(queued) !== undefined,
      )) {
        for (const latest of flush.changes) {
          const removed = options.removed(latest);
          settle(latest, flush, latest, new Map(removed === undefined ? [] : [[latest, removed]]), new Set());
        }
      }
      options.sink.dropRemoved?.();
    },
    rejectWaiting(failure) {
      options.sink.rejectWaiting?.(failure);
      if (failure.code === parkedCode) parkQueued(failure);
    },
    wake: () => options.sink.wake?.(),
    resume: () => options.halt.resume(),
    giveUp() {
      givenUp = true;
      options.halt.giveUp();
    },
    abort() {
      abortion.abort();
      clearTimeout(timer);
    },
    close: () => options.sink.close?.(),
  };
}

const none: readonly never[] = [];
const nothing = { changes: none, covered: new Map<never, never>() };

function sizeOf<Q>({ changes, covered }: Pick<Flush<Q>, 'changes' | 'covered'>): number {
  return changes.reduce((sum, latest) => sum + 1 + (covered.get(latest)?.length ?? 0), 0);
}
