import type { DeadLetter } from '../../core/dead-letter.ts';
import type { DeadLetterBrowser } from '../../core/dead-letter-browser.ts';
import { deadLetterDetail, isWithoutValue } from '../dead-letters/dead-letter-detail.ts';
import { orRefused } from '../dead-letters/list-handlers.ts';
import { placeOfId } from '../dead-letters/place-text.ts';
import { type AnswerOf, type Call, type Handler, isRefused, type Refused, refuse } from '../server/handler.ts';
import type { Explained } from './explainer.ts';
import type { ExplainService } from './service.ts';

export interface DeadLetterHandlerOptions {
  readonly browser: DeadLetterBrowser;
  readonly service: ExplainService;
  /** Whether an active destination has the subscription. */
  knows(destination: string, subscription: string): boolean;
  /** Whether identifiers are to be shown to the caller; a showing is logged. */
  shows(call: Call<'deadLetter'>, of: string): boolean | Refused;
}

type ReplayState = AnswerOf<'deadLetter'>['replay']['state'];

/** One dead letter: why it is there, what to do, and what would become of it now. */
export function deadLetterHandler({ browser, service, knows, shows }: DeadLetterHandlerOptions): Handler<'deadLetter'> {
  return (call) =>
    orRefused(async () => {
      const place = placeOfId(call.params['id'] ?? '');
      const deadLetter = place === undefined ? undefined : await browser.find(place, call.signal);
      if (place === undefined || deadLetter === undefined) {
        return refuse(404, 'NO_LETTER', 'there is no dead letter of this id');
      }
      const showIdentifiers = shows(call, `dead letter ${call.params['id']}`);
      if (isRefused(showIdentifiers)) return showIdentifiers;
      const detail = deadLetterDetail(deadLetter, place, await browser.replayedKeys(), showIdentifiers);
      const isReplayed = detail.letter.state === 'replayed';
      const { record, destination, subscription } = deadLetter;
      if (isWithoutValue(deadLetter)) return { ...detail, replay: { state: 'value_omitted' as const } };
      if (destination !== undefined && subscription !== undefined && !knows(destination, subscription)) {
        return { ...detail, replay: { state: 'unknown_subscription' as const } };
      }
      const explained = await service.explain({ record, destination, subscription, showIdentifiers });
      const state = isReplayed ? ('replayed' as const) : stateOf(explained, deadLetter);
      if (explained.kind !== 'explained') return { ...detail, replay: { state } };
      return { ...detail, replay: { state }, explanations: explained.result.explanations };
    });
}

function stateOf(explained: Explained, { record }: DeadLetter): ReplayState {
  if (explained.kind !== 'explained') return 'rejected';
  const { explanations } = explained.result;
  if (record.value === null || explanations.some(({ error }) => error !== undefined)) return 'rejected';
  const statuses = explanations.flatMap(({ deliveries }) => deliveries.map(({ status }) => status));
  if (statuses.length === 0) return 'not_matched';
  return statuses.includes('rejected') ? 'rejected' : 'ready';
}
