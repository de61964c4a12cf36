import { authError } from './auth.ts';
import { type Edge, type Judged, refused } from './edge.ts';
import type { GraphCall } from './graph-call.ts';
import {
  deprecatedVersion,
  type GraphError,
  missingPermission,
  unknownPath,
  unsupportedRequest,
} from './graph-errors.ts';
import { compareVersions, parseVersion, type SandboxRules } from './options.ts';

/** Finds the edge of a call and lets it judge: version, path, token, proof, then the edge's own rules. */
export type GraphRouter = (call: GraphCall) => Judged;

export function graphRouter(rules: SandboxRules, edges: readonly Edge[]): GraphRouter {
  const edgeNames = new Set(edges.filter(({ isRoot }) => isRoot !== true).map(({ name }) => name));
  const rootOf = ({ path, method }: GraphCall) =>
    path.length > 2 ? undefined : edges.find((edge) => edge.isRoot && edge.name === path[1] && edge.method === method);

  return (call) => {
    const [versionText = '', objectId, name = '', ...more] = call.path;
    const root = rootOf(call);
    const misplaced = root === undefined ? pathError(call, objectId, name, more, edgeNames) : undefined;
    const early = versionError(versionText, rules) ?? misplaced;
    const error = early ?? authError(call, rules);
    if (error !== undefined || objectId === undefined) return refused(error ?? unknownPath('/'));
    const edge = root ?? edges.find((candidate) => candidate.name === name && candidate.method === call.method);
    return edge === undefined ? refused(noEdge(call, objectId)) : edge.judge(call, objectId);
  };
}

/** Calls without a version fail on this API; a version newer than the newest is an unknown path. */
function versionError(text: string, { minVersion, maxVersion }: SandboxRules): GraphError | undefined {
  const version = parseVersion(text);
  if (version === undefined || !text.startsWith('v')) {
    return /^\d+$/.test(text) ? deprecatedVersion(maxVersion) : unknownPath(`/${text}`);
  }
  if (compareVersions(version, minVersion) < 0) return deprecatedVersion(maxVersion);
  return compareVersions(version, maxVersion) > 0 ? unknownPath(`/${text}`) : undefined;
}

function pathError(
  call: GraphCall,
  objectId: string | undefined,
  name: string,
  more: readonly string[],
  edgeNames: ReadonlySet<string>,
): GraphError | undefined {
  if (objectId === undefined) return unknownPath(`/${call.path.join('/')}`);
  if (name === '') return /^(act_)?\d+$/.test(objectId) ? undefined : unknownPath(`/${objectId}`);
  if (!edgeNames.has(name)) return unknownPath(`/${name}`);
  return more.length > 0 ? unknownPath(`/${more.join('/')}`) : undefined;
}

/** A token of the Events Manager may post events and read nothing. */
function noEdge(call: GraphCall, objectId: string): GraphError {
  return call.method === 'GET' ? missingPermission() : unsupportedRequest(call.method, objectId);
}
