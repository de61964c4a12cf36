import type { SourceRecord } from '../../core/record.ts';
import type { DecisionWatch } from '../../pipeline/route/decision-watch.ts';
import type { RecordPlan } from '../../pipeline/route/plan.ts';
import type { Call } from '../server/handler.ts';
import { type Refused, refuse } from '../server/handler.ts';
import type { StreamReader, Subscribe } from '../server/stream.ts';
import { createSamples, type Samples } from './samples.ts';
import { type ShownDecision, shownDecisions } from './shown-decisions.ts';

export type DecisionQuery = Call<'decisions'>['query'];

/** Decisions as they happen, for whoever reads them; sampled, so that a reader costs the same however much is going on. */
export interface DecisionStream extends DecisionWatch {
  /** Takes on one more reader. */
  read(query: DecisionQuery): Subscribe | Refused;
  sample: Samples['of'];
  readers(): number;
  close(): void;
}

const mostReaders = 50;
const tickMillis = 100;
const ticksPerSecond = 1000 / tickMillis;
/** Events that are looked at in a second, whether or not they pass a filter. */
const lookedPerSecond = 1_000;
export const defaultPerSecond = 10;
const mostPerSecond = 50;
/** Who holds the stream, or goes from it to the workbench, finds the events there that were told of. */
const forgetMillis = 10 * 60_000;

interface Reader {
  readonly send: StreamReader['send'];
  readonly perSecond: number;
  passes(decision: ShownDecision): boolean;
  /** What may still be sent, with fractions of a tick. */
  left: number;
}

export function createDecisionStream(now: () => number): DecisionStream {
  const readers = new Set<Reader>();
  const samples = createSamples();
  let budget = 0;
  let timer: NodeJS.Timeout | undefined;
  let forgetting: NodeJS.Timeout | undefined;

  function tick(): void {
    budget = lookedPerSecond / ticksPerSecond;
    for (const reader of readers) {
      reader.left = Math.min(reader.perSecond, reader.left + reader.perSecond / ticksPerSecond);
    }
    stream.wants = [...readers].some(({ left }) => left >= 1);
  }

  function tell(record: SourceRecord, plan: RecordPlan): void {
    budget -= 1;
    if (budget <= 0) stream.wants = false;
    let sample: string | undefined;
    for (const decision of shownDecisions(record, plan, now())) {
      for (const reader of readers) {
        if (reader.left < 1 || !reader.passes(decision)) continue;
        reader.left -= 1;
        sample ??= samples.keep(record);
        reader.send('decision', { ...decision, ...(sample !== undefined && { sample }) });
      }
    }
  }

  function leave(reader: Reader): void {
    readers.delete(reader);
    if (readers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    stream.wants = false;
    forgetting = setTimeout(samples.clear, forgetMillis);
    forgetting.unref();
  }

  const stream = {
    wants: false,
    tell,
    read(query: DecisionQuery): Subscribe | Refused {
      const { perSecond = defaultPerSecond } = query;
      const refused = refusedReader(query, readers.size);
      if (refused !== undefined) return refused;
      return ({ send }) => {
        const reader: Reader = { send, perSecond, left: perSecond, passes: filterOf(query) };
        readers.add(reader);
        clearTimeout(forgetting);
        stream.wants = true;
        budget = lookedPerSecond / ticksPerSecond;
        timer ??= setInterval(tick, tickMillis);
        timer.unref();
        return () => leave(reader);
      };
    },
    sample: samples.of,
    readers: () => readers.size,
    close() {
      for (const reader of readers) leave(reader);
      clearTimeout(forgetting);
      samples.clear();
    },
  };
  return stream;
}

/** Why there can't be one more reader, beside so many. */
export function refusedReader({ perSecond = defaultPerSecond }: DecisionQuery, readers: number): Refused | undefined {
  if (perSecond < 1 || perSecond > mostPerSecond) {
    return refuse(400, 'REQUEST_INVALID', `perSecond must be a number from 1 to ${mostPerSecond}`);
  }
  return readers < mostReaders
    ? undefined
    : refuse(503, 'TOO_MANY_READERS', `${mostReaders} read the stream already`, 'close some pages');
}

function filterOf({ destination, subscription, outcome, event }: DecisionQuery): (decision: ShownDecision) => boolean {
  const outcomes = outcome === undefined ? undefined : new Set(outcome.split(','));
  const wanted = event?.toLowerCase();
  return (decision) =>
    (destination === undefined || decision.destination === destination) &&
    (subscription === undefined || decision.subscription === subscription) &&
    (outcomes === undefined || outcomes.has(decision.outcome)) &&
    (wanted === undefined || decision.event?.toLowerCase().includes(wanted) === true);
}
