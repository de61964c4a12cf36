import type { ReadableRecord } from '../../connector/readable-record.ts';
import type { RecordHeaders, SourceRecord } from '../../core/record.ts';
import type { Explainer, Explained } from './explainer.ts';
import type { ExplainJob } from './job.ts';

export interface ExplainServiceOptions {
  readonly explainer: Explainer;
  readable(record: SourceRecord): Promise<ReadableRecord>;
  /** The active files. */
  files(): ExplainJob['files'];
  readonly actions?: string | undefined;
  readonly maxRecordBytes: number;
  now(): number;
}

export interface WhatToExplain {
  readonly record: SourceRecord;
  /** Instead of the active ones. */
  readonly files?: ExplainJob['files'];
  readonly destination?: string | undefined;
  readonly subscription?: string | undefined;
  readonly showIdentifiers: boolean;
}

/** Explains records as they were read, by the active mappings or by others. */
export interface ExplainService {
  explain(what: WhatToExplain): Promise<Explained>;
}

const mostExplanations = 100;

export function createExplainService(options: ExplainServiceOptions): ExplainService {
  const { explainer, readable, files, actions, maxRecordBytes, now } = options;
  return {
    async explain({ record, destination, subscription, showIdentifiers, files: given }) {
      const { value, envelope, records = 'events', unpack, key: readKey } = await readable(record);
      const { topic, partition, offset, timestamp, key } = record;
      const headers = textsOf(record.headers);
      return explainer.explain({
        files: given ?? files(),
        records: [{ topic, partition, offset, timestamp, key, value, headers }],
        ...{ envelope, format: records, maxRecordBytes, destination, subscription, showIdentifiers },
        ...(unpack !== undefined && { unpack }),
        ...(readKey !== undefined && { key: readKey }),
        now: now(),
        most: mostExplanations,
        ...(actions !== undefined && { actions }),
      });
    },
  };
}

function textsOf(headers: RecordHeaders | undefined): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(headers ?? {}).map(([name, value]) => [
    name,
    (Array.isArray(value) ? value : [value]).map((each) => String(each ?? '')),
  ]);
  return Object.fromEntries(entries);
}
