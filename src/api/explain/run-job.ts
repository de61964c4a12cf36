import type { ConfiguredDestination } from '../../config/destination.ts';
import { loadDestination } from '../../config/destination.ts';
import type { Problem } from '../../config/document.ts';
import { loadAvailableActions } from '../../connector/available-actions.ts';
import type { SourceRecord } from '../../core/record.ts';
import { connectPayload } from '../../formats/connect-json.ts';
import type { DecodeOptions } from '../../pipeline/route/decode.ts';
import { createExplainer, type Explanation } from '../../explain/explain-event.ts';
import type { ExplainedRecord, ExplainJob, ExplainResult } from './job.ts';

/** Explains the records by the files. Nothing is sent, and no secret is read. */
export async function runJob(job: ExplainJob): Promise<ExplainResult> {
  const actions = await loadAvailableActions(job.actions);
  const destinations: ConfiguredDestination[] = [];
  const problems: Problem[] = [];
  for (const { path, text } of job.files) {
    const loaded = loadDestination(path, text, { actions, environment: {}, now: job.now });
    problems.push(...loaded.problems);
    if (loaded.destination !== undefined) destinations.push(...chosen(loaded.destination, job));
  }
  const { now, showIdentifiers } = job;
  const explain = createExplainer({
    destinations,
    decode: decodeOptionsOf(job),
    now,
    details: true,
    showIdentifiers,
    hidesInBody: !showIdentifiers,
  });
  const explanations: Explanation[] = [];
  if (destinations.length === 0) return { explanations, problems };
  for (const record of job.records) {
    for (const explanation of explain(sourceRecordOf(record), explanations.length)) {
      explanations.push(explanation);
      if (explanations.length >= job.most) return { explanations, problems };
    }
  }
  return { explanations, problems };
}

/** As the topic of the record is read; its value is JSON already. */
function decodeOptionsOf({ envelope, format: records, unpack, key, maxRecordBytes }: ExplainJob): DecodeOptions {
  const read = (value: unknown) => () => ({ kind: 'value' as const, value });
  const topic = {
    ...{ envelope, records },
    ...(unpack !== undefined && { unpack }),
    ...(key !== undefined && { readKey: read(key.value) }),
  };
  return { ...{ envelope, records, maxRecordBytes, connectPayload }, topics: () => topic };
}

function chosen(
  destination: ConfiguredDestination,
  { destination: name, subscription }: ExplainJob,
): readonly ConfiguredDestination[] {
  if (name !== undefined && destination.name !== name) return [];
  if (subscription === undefined) return [destination];
  const subscriptions = destination.subscriptions.filter(({ id }) => id === subscription);
  const isOne = (each: { readonly id: string }) => each.id === subscription;
  const candidates: ConfiguredDestination['candidates'] = (event) => destination.candidates(event).filter(isOne);
  return subscriptions.length === 0 ? [] : [{ ...destination, subscriptions, candidates }];
}

function sourceRecordOf({ topic, partition, offset, timestamp, key, value, headers }: ExplainedRecord): SourceRecord {
  const place = { topic, partition, offset, next: offset + 1, timestamp };
  const single = Object.entries(headers).map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
  return { ...place, key: bytesOf(key), value: bytesOf(value), headers: Object.fromEntries(single) };
}

function bytesOf(given: Uint8Array | null): Buffer | null {
  return given === null ? null : Buffer.from(given.buffer, given.byteOffset, given.byteLength);
}
