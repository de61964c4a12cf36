import { childrenOf, type TriggerNode } from '../trigger/tree.ts';

/** The members of an event that a trigger names. */
export function triggerPaths(node: TriggerNode): readonly (readonly string[])[] {
  return node.kind === 'path' ? [node.keys] : childrenOf(node).flatMap(triggerPaths);
}
