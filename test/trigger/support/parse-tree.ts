import { parseTrigger } from '../../../src/trigger/parse.ts';
import type { TriggerNode } from '../../../src/trigger/tree.ts';

/** The tree of a trigger that is known to be valid. */
export function parseTree(text: string): TriggerNode {
  const parsed = parseTrigger(text);
  if (!('tree' in parsed)) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
  return parsed.tree;
}
