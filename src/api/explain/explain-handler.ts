import { dirname, join } from 'node:path';
import type { DeadLetterBrowser } from '../../core/dead-letter-browser.ts';
import type { SourceRecord } from '../../core/record.ts';
import { type Call, type Handler, isRefused, type Refused, refuse } from '../server/handler.ts';
import { placeOfId } from '../dead-letters/place-text.ts';
import { shownProblem } from '../views/problem.ts';
import { noSample } from './decision-event-handler.ts';
import { notExplained } from './refusals.ts';
import type { ExplainService } from './service.ts';

export interface ExplainHandlerOptions {
  readonly service: ExplainService;
  readonly browser: DeadLetterBrowser;
  /** The record of a decision that was told of. */
  sample(id: string): SourceRecord | undefined;
  /** Where the active files are: a file that is tried refers to others from there. */
  folder(): string;
  /** Whether identifiers are to be shown to the caller; a showing is logged. */
  shows(call: Call<'explain'>, of: string): boolean | Refused;
  now(): number;
}

/** What would be sent for an event, and why the rest is not. */
export function explainHandler(options: ExplainHandlerOptions): Handler<'explain'> {
  return async (call) => {
    const record = await recordOf(call, options);
    if (isRefused(record)) return record;
    const { destination, subscription, file } = call.body;
    const showIdentifiers = options.shows(call, 'an event that is explained');
    if (isRefused(showIdentifiers)) return showIdentifiers;
    const files = file === undefined ? undefined : [{ path: join(options.folder(), 'tried.json'), text: file }];
    const explained = await options.service.explain({
      ...{ record, destination, subscription, showIdentifiers },
      ...(files !== undefined && { files }),
    });
    if (explained.kind !== 'explained') return notExplained(explained.kind);
    const { explanations, problems } = explained.result;
    return {
      explanations,
      problems: file === undefined ? [] : problems.map(shownProblem),
      identifiers: showIdentifiers ? 'shown' : 'hidden',
    };
  };
}

async function recordOf(
  { body, signal }: Call<'explain'>,
  { browser, sample, now }: ExplainHandlerOptions,
): Promise<SourceRecord | Refused> {
  const { event, text, letter, sample: sampleId } = body;
  const given = [event, text, letter, sampleId].filter((each) => each !== undefined);
  if (given.length !== 1) return refuse(400, 'REQUEST_INVALID', 'one of event, text, letter and sample is needed');
  if (letter !== undefined) {
    const place = placeOfId(letter);
    const found = place === undefined ? undefined : await browser.find(place, signal);
    return found?.record ?? refuse(404, 'NO_LETTER', 'there is no dead letter of this id');
  }
  if (sampleId !== undefined) {
    return sample(sampleId) ?? noSample;
  }
  return pastedRecord(Buffer.from(text ?? JSON.stringify(event)), now());
}

/** As if it had been read just now. */
export function pastedRecord(value: Buffer, now: number): SourceRecord {
  return {
    ...{ topic: 'explain', partition: 0, offset: 0, next: 1, timestamp: now },
    ...{ key: null, value, headers: undefined },
  };
}

/** The folder of the first of some files. */
export function folderOf(files: readonly { readonly path: string }[]): string {
  return dirname(files[0]?.path ?? 'mappings');
}
