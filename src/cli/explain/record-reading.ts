import type { ProcessSettings } from '../../config/environment.ts';
import { createRecordDecoding } from '../../connector/record-decoding.ts';
import { systemClock } from '../../connector/system-clock.ts';
import { ConnectorError } from '../../core/errors.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { DecodeOptions } from '../../pipeline/route/decode.ts';

/** How the records that are to be explained are read. */
export interface RecordReading {
  readonly decode: DecodeOptions;
  /** Lines of a file hold values of this topic in base64. */
  holdsBytes(topic: string): boolean;
  /** Fetches what reading the records needs. */
  prepare(records: readonly SourceRecord[]): Promise<void>;
}

/** Who explains something sits there and waits. */
const patienceMillis = 20_000;

export function createRecordReading(settings: ProcessSettings): RecordReading {
  let failure = '';
  const { options, holdsBytes, prepare } = createRecordDecoding(settings, systemClock, (code, message) => {
    failure = `${code}: ${message}`;
  });
  return {
    decode: options,
    holdsBytes,
    async prepare(records) {
      await prepare(records, AbortSignal.timeout(patienceMillis));
      if (prepare(records, AbortSignal.abort()) === undefined) return;
      throw new ConnectorError('REGISTRY_UNREACHABLE', `the schemas of the events can't be fetched: ${failure}`);
    },
  };
}
