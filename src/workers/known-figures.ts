import type { MetricValues } from '../observe/metrics.ts';
import type { Readiness } from '../observe/ops-options.ts';
import type { Figures } from './messages.ts';
import { addUpFacts, countedIn } from './summed-facts.ts';
import { addUpReadiness } from './summed-readiness.ts';
import type { Worker } from './worker.ts';
import type { RunFacts, WorkerFacts } from './worker-facts.ts';

/** What workers have said of themselves. */
export interface KnownFigures {
  /** Asks everyone that answers; of one that doesn't, what it said last stays known. */
  ask(question: 'figures' | 'facts'): Promise<void>;
  /** As `ask` for facts, and none of them is from before the call. */
  askAnew(): Promise<void>;
  /** As `ask`; those that did not answer the last time are asked too, and not waited for. */
  probe(): Promise<void>;
  /** What a process that has ended said is over. Returns what it had counted. */
  forget(worker: number): MetricValues | undefined;
  metrics(): readonly MetricValues[];
  readiness(): Readiness;
  /** Undefined: it has not told any. */
  facts(worker: number): WorkerFacts | undefined;
  /** Of all that are there. */
  runFacts(): RunFacts;
}

/** Before a scraper, or a person, has lost patience. */
const answerMillis = 2_000;

export function createKnownFigures(workers: () => readonly Worker[]): KnownFigures {
  const known = new Map<number, Partial<Figures>>();
  const asking = new Map<'figures' | 'facts', Promise<void>>();
  let counted: RunFacts = addUpFacts([]);

  async function askOne(worker: Worker, question: 'figures' | 'facts'): Promise<void> {
    const answer =
      question === 'facts'
        ? await worker.ask('facts', undefined, { withinMillis: answerMillis })
        : await worker.ask('figures', undefined, { withinMillis: answerMillis });
    // It may have ended while it was waited for.
    if (answer === undefined || !isThere(worker)) return;
    const news = question === 'facts' ? { facts: answer as WorkerFacts } : (answer as Figures);
    known.set(worker.number, { ...known.get(worker.number), ...news });
  }

  async function askAll(asked: readonly Worker[], question: 'figures' | 'facts'): Promise<void> {
    await Promise.all(asked.map((worker) => askOne(worker, question)));
  }

  const there = () => workers().filter(isThere);
  const answering = () => there().filter((worker) => !worker.isSilent());

  function ask(question: 'figures' | 'facts'): Promise<void> {
    const underWay = asking.get(question);
    if (underWay !== undefined) return underWay;
    const started = askAll(answering(), question).finally(() => asking.delete(question));
    asking.set(question, started);
    return started;
  }

  return {
    ask,
    async askAnew() {
      await asking.get('facts');
      await ask('facts');
    },
    async probe() {
      const silent = there().filter((worker) => worker.isSilent());
      const answers = askAll(answering(), 'figures');
      void askAll(silent, 'figures');
      await answers;
    },
    forget(worker) {
      const { facts, metrics } = known.get(worker) ?? {};
      known.delete(worker);
      if (facts !== undefined) counted = { ...addUpFacts([]), ...countedIn(addUpFacts([counted, facts])) };
      return metrics;
    },
    metrics: () => [...known.values()].flatMap(({ metrics }) => (metrics === undefined ? [] : [metrics])),
    readiness() {
      return addUpReadiness(
        workers().map((worker) => {
          const said = worker.isSilent() ? undefined : known.get(worker.number)?.readiness;
          const { reasons, degraded } = said ?? { reasons: [notThere(worker)], degraded: [] };
          return { worker: worker.number, reasons, degraded };
        }),
      );
    },
    facts: (worker) => known.get(worker)?.facts,
    runFacts() {
      const of = (asked: readonly Worker[]) => asked.flatMap(({ number }) => known.get(number)?.facts ?? []);
      // What one that doesn't answer has in flight nobody knows; what it had counted stays counted.
      return { ...addUpFacts(of(answering())), ...countedIn(addUpFacts([counted, ...of(workers())])) };
    },
  };
}

function isThere(worker: Worker): boolean {
  return worker.state() === 'starting' || worker.state() === 'running';
}

/** Why nothing is known of how it is. */
function notThere(worker: Worker): string {
  if (worker.isSilent()) return 'it does not answer, and is replaced if that lasts';
  return worker.state() === 'restarting' ? 'it has ended and is started again' : 'the source is not ready';
}
