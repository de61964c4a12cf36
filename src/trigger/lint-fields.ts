import type { Diagnostic } from '../core/diagnostic.ts';
import { type EventType, eventTypes } from '../core/event.ts';
import { callMembers, contextMembers } from '../core/event-members.ts';
import { suggest } from '../core/suggest.ts';
import { triggerCandidates } from './candidates.ts';
import { fieldOwners } from './event-fields.ts';
import { printPath } from './print.ts';
import { quote } from './quoted.ts';
import { childrenOf, keywords, type PathNode, type TriggerNode } from './tree.ts';

/**
 * Warnings about paths that no event has. An event may have members of its own, so a name that is unlike any of the
 * spec's is let pass; one that is nearly the spec's is a slip.
 */
export function lintFields(tree: TriggerNode): readonly Diagnostic[] {
  const types = possibleTypes(tree);
  return pathsOf(tree).flatMap((path) => lintSpelling(path) ?? lintOwner(path, types) ?? []);
}

function pathsOf(node: TriggerNode): readonly PathNode[] {
  return node.kind === 'path' ? [node] : childrenOf(node).flatMap(pathsOf);
}

/** The types of event that the trigger may match; undefined when it doesn't say. */
function possibleTypes(tree: TriggerNode): readonly EventType[] | undefined {
  const { types } = triggerCandidates(tree);
  const known = eventTypes.filter((type) => types?.includes(type));
  return known.length > 0 && known.length === types?.length ? known : undefined;
}

function lintSpelling(path: PathNode): Diagnostic | undefined {
  const [first = '', second, ...rest] = path.keys;
  if (!isKnown(callMembers, first)) {
    const keyword = second === undefined ? keywords.find((word) => word === first.toLowerCase()) : undefined;
    if (keyword !== undefined) return unknownField(path, keyword);
    const meant = suggest(first, callMembers);
    if (meant !== undefined) return unknownField(path, printPath([meant, ...path.keys.slice(1)]));
    return second === undefined ? lintUnquoted(path, first) : undefined;
  }
  if (first !== 'context' || second === undefined || isKnown(contextMembers, second)) return undefined;
  const meant = suggest(second, contextMembers);
  return meant === undefined ? undefined : unknownField(path, printPath([first, meant, ...rest]));
}

/** No field of the spec begins with a capital: `contains(event, Order)` wants quotes. */
function lintUnquoted(path: PathNode, name: string): Diagnostic | undefined {
  if (name.charAt(0) === name.charAt(0).toLowerCase()) return undefined;
  return warning(path, `${name} is read as a field, and no event has it; a text stands in quotes`, quote(name));
}

function lintOwner(path: PathNode, types: readonly EventType[] | undefined): Diagnostic | undefined {
  const [first = '', ...rest] = path.keys;
  const owners = Object.hasOwn(fieldOwners, first) ? fieldOwners[first] : undefined;
  if (owners === undefined || types === undefined || types.some((type) => owners.includes(type))) return undefined;
  const message = `no event of type ${types.join(' or ')} has ${quote(first)}; it belongs to ${owners.join(', ')}`;
  const hasTraits = types.every((type) => type === 'identify' || type === 'group');
  const hasName = types.every((type) => type === 'page');
  if (first === 'properties' && hasTraits) return warning(path, message, printPath(['traits', ...rest]));
  if (first === 'event' && rest.length === 0 && hasName) return warning(path, message, 'name');
  return warning(path, message);
}

function isKnown(fields: readonly string[], name: string): boolean {
  return fields.includes(name);
}

function unknownField(path: PathNode, meant: string): Diagnostic {
  return warning(path, `no event has the field ${printPath(path.keys)}`, meant);
}

function warning({ offset, length }: PathNode, message: string, fix?: string): Diagnostic {
  const known = { severity: 'warning', code: 'TRIGGER_UNKNOWN_FIELD', offset, length } as const;
  if (fix === undefined) return { ...known, message };
  return { ...known, message: `${message}; did you mean ${fix}?`, fix };
}
