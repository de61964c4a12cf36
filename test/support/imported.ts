import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { samples } from '../../examples/samples.ts';
import { recordOf } from '../../src/cli/command/record-of.ts';
import { loadDestination } from '../../src/config/destination.ts';
import { isObject, type JsonObject } from '../../src/core/json.ts';
import { createExplainer, type Explanation } from '../../src/explain/explain-event.ts';
import { destinationJson, type Imported } from '../../src/import/draft.ts';
import { type ImportKind, importExport } from '../../src/import/import-export.ts';
import type { InputDocument } from '../../src/import/input.ts';
import { readInput } from '../../src/import/read-input.ts';
import { loadActions } from '../../src/kit/load-actions.ts';

const exportsFolder = resolve(import.meta.dirname, '../fixtures/import');
const actions = await loadActions(fileURLToPath(new URL('../../actions', import.meta.url)));
const now = Date.parse('2026-11-20T12:00:00Z');

/** The files of a sample export: a folder's, or the one file. */
export function exportFiles(kind: ImportKind, sample: string): readonly string[] {
  const path = join(exportsFolder, kind, sample);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .map((name) => join(path, name));
}

/** Every sample export: its product, and its file or folder. */
export function sampleExports(): readonly (readonly [ImportKind, string])[] {
  return (readdirSync(exportsFolder) as ImportKind[]).flatMap((kind) =>
    readdirSync(join(exportsFolder, kind)).map((sample) => [kind, sample] as const),
  );
}

export interface ImportedExport extends Imported {
  /** What comes of an event, of all destinations; `sample` names one of the library. */
  explain(event: JsonObject | string): Explanation;
  /** The body that one subscription sends of it: of a conversion the event. */
  body(subscription: string, event: JsonObject | string): JsonObject;
}

export function imported(kind: ImportKind, documents: readonly InputDocument[], keepDefaults = false): ImportedExport {
  const found = importExport(kind, documents, { actions, actionIds: new Map(), keepDefaults });
  const destinations = found.destinations.flatMap((draft) => {
    const text = JSON.stringify(destinationJson(draft), null, 2);
    const { destination, problems } = loadDestination(`${draft.name}.json`, text, { actions, environment: {} });
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return destination === undefined ? [] : [destination];
  });
  const decode = { envelope: [], records: 'events', maxRecordBytes: 1e6 } as const;
  const explainAll = createExplainer({ destinations, decode, now, details: false, showIdentifiers: false });

  function explain(given: JsonObject | string): Explanation {
    const event = typeof given === 'string' ? { timestamp: new Date(now).toISOString(), ...samples[given] } : given;
    const [explanation] = explainAll(
      recordOf(Buffer.from(JSON.stringify(event)), 0, now, found.destinations[0]?.topic),
      0,
    );
    if (explanation === undefined) throw new Error('there is no event');
    return explanation;
  }

  return {
    ...found,
    explain,
    body(subscription, event) {
      const delivery = explain(event).deliveries.find((each) => each.subscription === subscription);
      const body = delivery?.request?.body;
      if (!isObject(body)) throw new Error(`${subscription} sends nothing: ${JSON.stringify(delivery?.error)}`);
      const { data } = body;
      return Array.isArray(data) && isObject(data[0]) ? data[0] : body;
    },
  };
}

export function importedSample(kind: ImportKind, sample: string, keepDefaults = false): ImportedExport {
  return imported(kind, documentsOf(kind, sample), keepDefaults);
}

export function documentsOf(kind: ImportKind, sample: string): readonly InputDocument[] {
  return exportFiles(kind, sample).map((file) => readInput(file, readFileSync(file, 'utf8')));
}
