import type { ProcessSettings } from '../../config/environment.ts';
import { createRecordDecoding } from '../../connector/record-decoding.ts';
import { systemClock } from '../../connector/system-clock.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { DecodeOptions } from '../../pipeline/route/decode.ts';

/** How the records that are to be explained are read. */
export interface RecordReading {
  readonly decode: DecodeOptions;
  /** As `RecordDecoding` says. */
  valueOfLine(topic: string): ((line: Buffer) => Buffer) | undefined;
  /** Fetches what reading the records needs. */
  prepare(records: readonly SourceRecord[]): Promise<void>;
}

/** Who explains something sits there and waits. */
const patienceMillis = 20_000;

export function createRecordReading(settings: ProcessSettings): RecordReading {
  const { options, valueOfLine, prepareWithin } = createRecordDecoding(settings, systemClock, () => undefined);
  return { decode: options, valueOfLine, prepare: (records) => prepareWithin(records, patienceMillis) };
}
