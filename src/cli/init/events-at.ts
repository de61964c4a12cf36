import { readSettings } from '../../config/environment.ts';
import { systemClock } from '../../connector/system-clock.ts';
import { createRecordDecoding } from '../../connector/record-decoding.ts';
import { newestRecords } from '../../connector/topic-sample.ts';
import type { SourceRecord } from '../../core/record.ts';
import { oddShapeOf } from '../../file/source-shape.ts';
import { isTable, readRecords } from '../../file/table-rows.ts';
import type { DecodeOptions } from '../../pipeline/route/decode.ts';
import { recordOf } from '../command/record-of.ts';
import { readEvents } from '../explain/read-events.ts';
import { recordKindOf } from './probe.ts';
import { surroundings } from '../command/surroundings.ts';

/** Where events are to be looked at. */
export interface EventsPlace {
  readonly file?: string;
  readonly topic?: string;
  readonly from?: string;
  readonly limit: number;
}

/** Who starts sits there and waits. */
const patienceMillis = 20_000;

/** The first records of a file, or the newest of a topic; nothing is committed. With the way to read them. */
export async function eventsAt({ file, topic, from, limit }: EventsPlace) {
  const settings = readSettings(surroundings().environment);
  const decoding = createRecordDecoding(settings, systemClock, () => undefined);
  const records =
    topic === undefined
      ? await firstRecords(file ?? '', limit)
      : await newestRecords(settings, { topic, limit, ...(from !== undefined && { from }) });
  await decoding.prepareWithin(records, patienceMillis);
  const isSaid = settings.RECORDS !== 'events' || settings.SOURCES !== undefined;
  const hasCells = file !== undefined && isTable(file);
  const kind = hasCells ? 'rows' : recordKindOf(records, decoding.options);
  const decode: DecodeOptions = isSaid ? decoding.options : { ...decoding.options, records: kind };
  return { records, decode, hasCells };
}

async function firstRecords(file: string, limit: number): Promise<readonly SourceRecord[]> {
  const now = Date.now();
  const values: Buffer[] = [];
  if ((await oddShapeOf(file))?.kind === 'json_over_lines') values.push(...(await readEvents(file)).slice(0, limit));
  else {
    for await (const { value } of readRecords(file)) {
      values.push(value);
      if (values.length === limit) break;
    }
  }
  return values.map((value, index) => recordOf(value, index, now, 'init'));
}
