import { type DecisionQuery, defaultPerSecond, refusedReader } from '../../api/decisions/decision-stream.ts';
import type { ShownDecision } from '../../api/decisions/shown-decisions.ts';
import type { Refused } from '../../api/server/handler.ts';
import type { StreamReader, Subscribe } from '../../api/server/stream.ts';
import type { Worker } from '../worker.ts';
import { idInRun } from './id-in-run.ts';

/** The decisions of all workers as one stream. */
export interface RunDecisions {
  read(query: DecisionQuery): Subscribe | Refused;
  /** A worker has told of one. */
  tell(stream: number, decision: ShownDecision, worker: Worker): void;
  /** Events flow in a worker: it tells of its decisions from now on, too. */
  join(worker: Worker): void;
  close(): void;
}

export interface RunDecisionsOptions {
  workers(): readonly Worker[];
  /** Unix milliseconds. */
  now(): number;
}

interface Reader {
  readonly query: DecisionQuery;
  readonly perSecond: number;
  readonly send: StreamReader['send'];
  /** What may still be sent, with fractions of a tick. */
  left: number;
  waiting: ShownDecision[];
}

const tickMillis = 100;
const ticksPerSecond = 1000 / tickMillis;
/** By then those that were made before have come from the other workers, too. */
const settledMillis = 200;
const mostWaiting = 1_000;

export function createRunDecisions({ workers, now }: RunDecisionsOptions): RunDecisions {
  const readers = new Map<number, Reader>();
  let streams = 0;
  let timer: NodeJS.Timeout | undefined;

  function tick(): void {
    for (const reader of readers.values()) {
      reader.left = Math.min(reader.perSecond, reader.left + reader.perSecond / ticksPerSecond);
      const settled = now() - settledMillis;
      const due = reader.waiting.filter(({ at }) => at <= settled).sort((a, b) => a.at - b.at);
      reader.waiting = reader.waiting.filter(({ at }) => at > settled);
      const sent = evenly(due, Math.floor(reader.left));
      reader.left -= sent.length;
      for (const decision of sent) reader.send('decision', decision);
    }
  }

  function leave(stream: number): void {
    readers.delete(stream);
    for (const worker of workers()) worker.order({ kind: 'leave', stream });
    if (readers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    read(query) {
      const refused = refusedReader(query, readers.size);
      if (refused !== undefined) return refused;
      const { perSecond = defaultPerSecond } = query;
      return ({ send }) => {
        streams += 1;
        const stream = streams;
        readers.set(stream, { query, perSecond, send, left: perSecond, waiting: [] });
        for (const worker of workers()) if (worker.state() === 'running') worker.order({ kind: 'read', stream, query });
        timer ??= setInterval(tick, tickMillis);
        timer.unref();
        return () => leave(stream);
      };
    },
    tell(stream, decision, worker) {
      const { waiting = [] } = readers.get(stream) ?? {};
      if (waiting.length >= mostWaiting) return;
      const { sample } = decision;
      waiting.push(sample === undefined ? decision : { ...decision, sample: idInRun(worker, sample) });
    },
    join(worker) {
      for (const [stream, { query }] of readers) worker.order({ kind: 'read', stream, query });
    },
    close: () => clearInterval(timer),
  };
}

/** So many of them, from all over: each worker tells as many as the reader wants of all. */
function evenly<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)] as T);
}
