import type { SandboxState } from '../../src/sandbox/admin/state.ts';
import { readAll } from '../support/kafka-broker.ts';
import type { Arrival, LetterFact, SourceFact } from './evidence.ts';
import type { WorkloadRecord } from './workload.ts';

/** What the sandbox does to a request that takes effect without an answer that says so. */
const unansweredFaults: ReadonlySet<string> = new Set([
  'reset_after',
  'hang_then_apply',
  'invalid_json',
  'empty_body',
  'events_received',
]);
/** What the topic holds, by the `number` header; a producer that tries again may have written a record twice. */
export async function sourceFacts(
  brokers: readonly string[],
  topic: string,
  known: readonly WorkloadRecord[],
): Promise<readonly SourceFact[]> {
  const records = await readAll(brokers, topic);
  return records.map(({ partition, offset, headers }) => {
    const { key = '', eventId, code } = known[Number(headers['number'])] ?? {};
    return {
      partition,
      offset,
      key,
      ...(eventId !== undefined && { eventId }),
      ...(code !== undefined && { code }),
    };
  });
}

export async function letterFacts(brokers: readonly string[], topic: string): Promise<readonly LetterFact[]> {
  const found = await readAll(brokers, topic);
  return found.map(({ headers, timestamp }) => ({
    partition: Number(headers['meta-actions.partition']),
    offset: Number(headers['meta-actions.offset']),
    code: String(headers['meta-actions.code']),
    at: timestamp,
  }));
}

/** `senders` by the Host header of their requests. */
export function arrivals(
  state: SandboxState,
  senders: ReadonlyMap<string, string>,
  dataset?: string,
): readonly Arrival[] {
  const events = state.events();
  if (events.length !== state.summary().events.accepted) throw new Error('the sandbox forgot events');
  const requests = new Map(state.requests().map((one) => [one.id, one]));
  const wanted = dataset === undefined ? events : events.filter((one) => one.dataset === dataset);
  return wanted.map(({ event, receivedAt, request }) => {
    const by = requests.get(request);
    const sender = senders.get(by?.headers['host'] ?? '');
    return {
      eventId: String(event['event_id']),
      startedAt: by?.time ?? receivedAt,
      at: receivedAt,
      unanswered: unansweredFaults.has(by?.fault ?? ''),
      ...(sender !== undefined && { sender }),
    };
  });
}
