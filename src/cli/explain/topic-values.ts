import type { ProcessSettings } from '../../config/environment.ts';
import { createRecordDecoding } from '../../connector/record-decoding.ts';
import { systemClock } from '../../connector/system-clock.ts';
import { ConnectorError } from '../../core/errors.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { DecodeOptions } from '../../pipeline/route/decode.ts';

/** Events that are read as those of a topic. */
export interface TopicValues {
  readonly decode: DecodeOptions;
  /** The bytes of a value that stands in a file. */
  valueOf(line: Buffer): Buffer;
  /** The record with its value as JSON, as far as it can be read; otherwise as it is, and `decode` says why not. */
  asJson(records: readonly SourceRecord[]): Promise<readonly SourceRecord[]>;
}

/** Who explains something sits there and waits. */
const patienceMillis = 20_000;

/** @param topic Undefined: the settings of the process hold, and no topic's. */
export function topicValues(settings: ProcessSettings, topic: string | undefined): TopicValues {
  let failure = '';
  const decoding = createRecordDecoding(settings, systemClock, (code, message) => {
    failure = `${code}: ${message}`;
  });
  const own = topic === undefined ? undefined : decoding.options.topics?.(topic);
  const read = own?.read;
  const decode = own === undefined ? decoding.options : { ...decoding.options, ...own };
  if (read === undefined) return { decode, valueOf: (line) => line, asJson: async (records) => records };
  return {
    decode,
    valueOf: valueOfLine,
    async asJson(records) {
      await decoding.prepare(records, AbortSignal.timeout(patienceMillis));
      if (decoding.prepare(records, AbortSignal.abort()) !== undefined) {
        throw new ConnectorError('REGISTRY_UNREACHABLE', `the schemas of the events can't be fetched: ${failure}`);
      }
      return records.map((record) => {
        const { value } = record;
        const result = value === null ? undefined : read(value, record);
        if (result?.kind !== 'value') return record;
        // The topic's reader is done with it.
        return { ...record, topic: 'explain', value: Buffer.from(JSON.stringify(result.value)) };
      });
    },
  };
}

/** Base64 of what is no text; whatever doesn't look like it is JSON. */
function valueOfLine(line: Buffer): Buffer {
  const text = line.toString('latin1').trim();
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64') : line;
}
