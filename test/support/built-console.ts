import { resolve } from 'node:path';
import { buildConsole } from '../../scripts/build-console.ts';

/** Before a project that looks at the pages: from where a clone serves them. */
export async function setup(): Promise<void> {
  await buildConsole(resolve(import.meta.dirname, '../../dist/console'));
}
