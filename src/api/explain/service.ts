import type { ReadableRecord } from '../../connector/readable-record.ts';
import type { SourceRecord } from '../../core/record.ts';
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
      const { value, envelope, records = 'events' } = await readable(record);
      const { topic, partition, offset, timestamp } = record;
      return explainer.explain({
        files: given ?? files(),
        records: [{ topic, partition, offset, timestamp, value }],
        ...{ envelope, format: records, maxRecordBytes, destination, subscription, showIdentifiers },
        now: now(),
        most: mostExplanations,
        ...(actions !== undefined && { actions }),
      });
    },
  };
}
