import { ConnectorError } from '../core/errors.ts';
import type { Imported } from './draft.ts';
import { importCustomerio } from './customerio.ts';
import { importHightouch } from './hightouch.ts';
import type { ImportOptions } from './import-options.ts';
import type { InputDocument } from './input.ts';
import { importRudderstack } from './rudderstack.ts';
import { importSegment } from './segment.ts';

type Importer = (documents: readonly InputDocument[], options: ImportOptions) => Imported;

const importers = {
  segment: importSegment,
  rudderstack: importRudderstack,
  customerio: importCustomerio,
  hightouch: importHightouch,
} as const satisfies Readonly<Record<string, Importer>>;

export type ImportKind = keyof typeof importers;

export const importKinds = Object.keys(importers) as readonly ImportKind[];

/** What the exported files of a product come to. */
export function importExport(kind: ImportKind, documents: readonly InputDocument[], options: ImportOptions): Imported {
  const imported = importers[kind](documents, options);
  if (imported.entries.length === 0)
    throw new ConnectorError('IMPORT_EMPTY', `there is nothing of ${kind} in the files`);
  return imported;
}
