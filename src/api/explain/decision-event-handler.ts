import type { ReadableRecord } from '../../connector/readable-record.ts';
import type { SourceRecord } from '../../core/record.ts';
import { shownValue } from '../dead-letters/shown-value.ts';
import { type Call, type Handler, isRefused, type Refused, refuse } from '../server/handler.ts';

export interface DecisionEventHandlerOptions {
  /** The record of a decision that was told of. */
  sample(id: string): SourceRecord | undefined;
  readable(record: SourceRecord): Promise<ReadableRecord>;
  /** Whether identifiers are to be shown to the caller; a showing is logged. */
  shows(call: Call<'decisionEvent'>, of: string): boolean | Refused;
}

export const noSample = refuse(
  404,
  'NO_SAMPLE',
  'the event of this decision is no longer held',
  'choose a newer one in the live stream',
);

/** What was read, of a decision that was told of. */
export function decisionEventHandler({
  sample,
  readable,
  shows,
}: DecisionEventHandlerOptions): Handler<'decisionEvent'> {
  return async (call) => {
    const record = sample(call.params['sample'] ?? '');
    if (record === undefined) return noSample;
    const showIdentifiers = shows(call, `the event at ${record.topic}/${record.partition}, ${record.offset}`);
    if (isRefused(showIdentifiers)) return showIdentifiers;
    const { value } = await readable(record);
    return { ...shownValue(value, showIdentifiers), identifiers: showIdentifiers ? 'shown' : 'hidden' };
  };
}
