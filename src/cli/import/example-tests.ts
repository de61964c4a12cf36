import { samples } from '../../../examples/samples.ts';
import type { ConfiguredDestination } from '../../config/destination.ts';
import { isObject, type JsonObject, own } from '../../core/json.ts';
import type { DestinationDraft } from '../../import/draft.ts';
import { createExplainer, type ExplainedDelivery, type Explanation } from '../../explain/explain-event.ts';
import { parseTrigger } from '../../trigger/parse.ts';
import { sampleEvents } from '../../trigger/sample-events.ts';
import { recordOf } from '../command/record-of.ts';
import { audienceSamples } from './audience-samples.ts';

/** An event of a test, by its name in the library of samples or in full. */
type Given = { readonly sample: string } | { readonly event: JsonObject };

const maxRecordBytes = 1024 * 1024;

/** Generated events to try before giving up on a trigger. */
const maxTries = 200;

/**
 * Tests of a destination file as they hold now: for each subscription an event that meets its trigger, if one is found,
 * with what comes of it; and an event that nothing is sent of.
 */
export function exampleTests(
  destination: ConfiguredDestination,
  { topic }: Pick<DestinationDraft, 'topic'>,
  now: number,
): JsonObject {
  const decode = { envelope: [], records: 'events', maxRecordBytes } as const;
  const explain = createExplainer({ destinations: [destination], decode, now, details: false, showIdentifiers: false });
  const explained = (event: JsonObject): Explanation | undefined =>
    [...explain(recordOf(Buffer.from(JSON.stringify(event)), 0, now, topic), 0)][0];

  const record = topic === undefined ? {} : { record: { topic } };
  const tests = destination.subscriptions.flatMap(({ name, trigger }): readonly JsonObject[] => {
    let reached: JsonObject | undefined;
    for (const [given, event] of candidatesFor(trigger)) {
      const found = explained(event);
      const status = found?.deliveries.find(({ subscription }) => subscription === name)?.status;
      if (found === undefined || status === undefined) continue;
      const test = {
        name: `${name}: an event that meets the trigger`,
        ...given,
        ...record,
        expect: expectationOf(found, name),
      };
      if (status === 'ready') return [test];
      reached ??= test;
    }
    return reached === undefined ? [] : [reached];
  });
  const stranger = { type: 'track', event: 'An event of no interest', messageId: 'import-0', userId: 'u-1' };
  const ignored = explained(stranger);
  const nothing =
    ignored?.deliveries.length === 0
      ? [{ name: 'an event of no interest sends nothing', event: stranger, ...record, expect: { sent: [] } }]
      : [];
  return { tests: [...tests, ...nothing] };
}

function* candidatesFor(trigger: string): Generator<readonly [Given, JsonObject]> {
  for (const [sample, event] of Object.entries(samples)) yield [{ sample }, event];
  for (const event of audienceSamples) yield [{ event }, event];
  const parsed = parseTrigger(trigger);
  if (!('tree' in parsed)) return;
  let tries = 0;
  for (const generated of sampleEvents(parsed.tree)) {
    tries += 1;
    if (tries > maxTries) return;
    const event = filled(generated);
    yield [{ event }, event];
  }
}

const bases: Readonly<Record<string, string>> = {
  page: 'Page',
  screen: 'Screen',
  identify: 'Identify',
  group: 'Group',
};

/** An event with what events usually hold besides what a trigger asks for. */
function filled(event: JsonObject): JsonObject {
  const base = samples[bases[String(event['type'])] ?? 'Order Completed'] ?? {};
  const both = (key: string) => {
    const [usual, asked] = [own(base, key), own(event, key)];
    return isObject(usual) && isObject(asked) ? { ...usual, ...asked } : (asked ?? usual);
  };
  const keys = [...new Set([...Object.keys(base), ...Object.keys(event)])];
  return { ...Object.fromEntries(keys.map((key) => [key, both(key)])), messageId: 'import-1' };
}

function expectationOf({ deliveries }: Explanation, name: string): JsonObject {
  const named = (status: ExplainedDelivery['status']) => deliveries.filter((each) => each.status === status);
  const rejected = named('rejected').map(({ subscription, error }) => [subscription, error?.code ?? ''] as const);
  const body = bodyParts(named('ready').find(({ subscription }) => subscription === name));
  return {
    sent: [...new Set(named('ready').map(({ subscription }) => subscription))],
    ...(rejected.length > 0 && { rejected: Object.fromEntries(rejected) }),
    ...(body !== undefined && { body: { [name]: body } }),
  };
}

const parts = ['event_name', 'action_source'] as const;
const customParts = ['value', 'currency', 'content_ids', 'search_string'] as const;

/** The parts of a conversion that are worth a look, whoever the person is. */
function bodyParts(delivery: ExplainedDelivery | undefined): JsonObject | undefined {
  const data = own(delivery?.request?.body, 'data');
  const event = Array.isArray(data) && isObject(data[0]) && 'event_name' in data[0] ? data[0] : undefined;
  if (event === undefined) return undefined;
  const custom = own(event, 'custom_data');
  return Object.fromEntries([
    ...parts.map((key) => [key, event[key]] as const),
    ...customParts.flatMap((key) =>
      own(custom, key) === undefined ? [] : [[`custom_data.${key}`, own(custom, key)] as const],
    ),
  ]);
}
