import { createDecisionStream, type DecisionQuery } from '../api/decisions/decision-stream.ts';
import type { AnswerOf } from '../api/server/handler.ts';
import { readSettings } from '../config/environment.ts';
import { openFollowedTopics } from '../connector/topic-follow.ts';
import { ConnectorError } from '../core/errors.ts';
import { planEvents } from '../pipeline/route/plan.ts';
import { type MappingsOptions, validDestinations } from './command/mappings-option.ts';
import { printAside } from './command/print.ts';
import { surroundings } from './command/surroundings.ts';

export interface TopicTail extends MappingsOptions {
  /** As `KAFKA_FROM`. */
  readonly from: string;
  readonly query: DecisionQuery;
}

type ShownDecision = AnswerOf<'decisions'>;

/**
 * What would be decided about each event that is written to the topics, without a connector that runs: the same choice and
 * the same sampling as of one that does.
 */
export async function tailTopics(
  { from, query, ...mappings }: TopicTail,
  show: (decision: ShownDecision) => void,
  signal: AbortSignal,
): Promise<void> {
  const destinations = await validDestinations(mappings);
  const stream = createDecisionStream(Date.now);
  const subscribe = stream.read(query);
  if (typeof subscribe !== 'function') throw new ConnectorError('USAGE', subscribe.error);
  const { topics, decode, follow } = await openFollowedTopics(readSettings(surroundings().environment), from);
  const leave = subscribe({
    send: (_name, data) => {
      // Nobody can ask for the record behind it.
      const { sample: _, ...decision } = data as ShownDecision;
      show(decision);
      return true;
    },
  });
  printAside(`reading ${topics.join(', ')} from ${from}; sends nothing, commits nothing`);
  try {
    await follow((record) => {
      if (!stream.wants) return;
      for (const plan of planEvents(record, destinations, { decode }, Date.now(), () => false)) {
        stream.tell(plan.record, plan);
      }
    }, signal);
  } finally {
    leave();
  }
}
