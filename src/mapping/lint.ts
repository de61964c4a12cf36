import type { Diagnostic } from '../core/diagnostic.ts';
import type { EventType } from '../core/event.ts';
import { callMembers, contextMembers, typesWith } from '../core/event-members.ts';
import { suggest } from '../core/suggest.ts';
import { mappingPaths } from './compile.ts';

const knownCallMembers: ReadonlySet<string> = new Set(callMembers);
const knownContextMembers: ReadonlySet<string> = new Set(contextMembers);

/**
 * Warnings for paths that find nothing in any call of the Segment spec: `propertis.total`, `context.pge.url`. Custom
 * properties, traits and integrations are free, and so is a member of `context` unless it looks like a misspelt one.
 * `types` are the calls that reach the mapping, as far as is known.
 */
export function lintMapping(mapping: unknown, types?: readonly EventType[]): readonly Diagnostic[] {
  return mappingPaths(mapping).flatMap(({ path, at, nested }) => {
    const problem =
      nested === true ? undefined : (unknownMember(path) ?? unknownInContext(path) ?? otherTypes(path, types));
    return problem === undefined ? [] : [{ severity: 'warning', path: at, ...problem }];
  });
}

type Problem = Pick<Diagnostic, 'code' | 'message' | 'fix'>;

function unknownMember(path: readonly string[]): Problem | undefined {
  const [first] = path;
  if (first === undefined || knownCallMembers.has(first)) return undefined;
  const message = `no call of the Segment spec has a member "${first}"`;
  const meant = suggest(first, callMembers);
  if (meant === undefined) {
    return { code: 'UNKNOWN_MEMBER', message, fix: `custom data is in properties or traits: $.properties.${first}` };
  }
  return { code: 'UNKNOWN_MEMBER', message, fix: `did you mean "${[meant, ...path.slice(1)].join('.')}"?` };
}

function unknownInContext(path: readonly string[]): Problem | undefined {
  const [first, second] = path;
  if (first !== 'context' || second === undefined || knownContextMembers.has(second)) return undefined;
  const meant = suggest(second, contextMembers);
  if (meant === undefined) return undefined;
  return {
    code: 'UNKNOWN_MEMBER',
    message: `"context" has no member "${second}" in the Segment spec`,
    fix: `did you mean "${[first, meant, ...path.slice(2)].join('.')}"?`,
  };
}

function otherTypes(path: readonly string[], types: readonly EventType[] | undefined): Problem | undefined {
  const [first] = path;
  if (first === undefined || types === undefined || types.length === 0) return undefined;
  const having = typesWith(first);
  if (having === undefined || types.some((type) => having.includes(type))) return undefined;
  const message = `${types.join(', ')} calls have no member "${first}"; ${having.join(', ')} calls do`;
  return { code: 'UNKNOWN_MEMBER', message };
}
