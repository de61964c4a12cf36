import { mappingPaths } from '../mapping/compile.ts';
import { parseTrigger } from '../trigger/parse.ts';
import { mergedMapping } from './mapping-merge.ts';
import type { ConfiguredSubscription } from './subscription.ts';
import { triggerPaths } from './trigger-paths.ts';

type Path = readonly string[];

/** The members of an event that a subscription names: in its trigger, its mapping and the defaults of its action. */
export function pathsRead({ action, mapping, trigger }: ConfiguredSubscription): readonly Path[] {
  const parsed = parseTrigger(trigger);
  const ofTrigger = 'tree' in parsed ? triggerPaths(parsed.tree) : [];
  return [...mappingPaths(mergedMapping(action.definition, mapping)).map(({ path }) => path), ...ofTrigger];
}
