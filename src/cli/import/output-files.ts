import { join } from 'node:path';
import { loadDestination } from '../../config/destination.ts';
import { hasErrors, renderProblem } from '../../config/problems.ts';
import type { Action } from '../../core/action.ts';
import { ConnectorError } from '../../core/errors.ts';
import { type DestinationDraft, destinationJson } from '../../import/draft.ts';
import { exampleTests } from './example-tests.ts';

/** A file that an import writes. */
export interface Output {
  readonly path: string;
  readonly text: string;
}

/** The destination file and its tests. A file that validate would refuse is a bug of the import. */
export function outputsOf(
  draft: DestinationDraft,
  folder: string,
  actions: ReadonlyMap<string, Action>,
  now: number,
): readonly Output[] {
  const path = join(folder, `${draft.name}.json`);
  const text = `${JSON.stringify(destinationJson(draft), null, 2)}\n`;
  const { destination, problems } = loadDestination(path, text, { actions, environment: {} });
  if (hasErrors(problems)) {
    throw new ConnectorError('IMPORT_INVALID', `what came out is not valid\n${problems.map(renderProblem).join('\n')}`);
  }
  const tests = destination === undefined ? undefined : exampleTests(destination, draft, now);
  const listed = tests?.['tests'];
  if (!Array.isArray(listed) || listed.length === 0) return [{ path, text }];
  const testPath = join(folder, `${draft.name}.test.json`);
  return [
    { path, text },
    { path: testPath, text: `${JSON.stringify(tests, null, 2)}\n` },
  ];
}
