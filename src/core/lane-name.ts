import type { AudienceTarget } from './audience.ts';
import { fingerprint } from './fingerprint.ts';

/**
 * What the lane of an audience is called everywhere: in log lines, metrics, readiness and the API. The lane of a pixel is
 * called as its destination.
 */
export function audienceLaneName(id: string): string {
  return `audience ${id}`;
}

/**
 * What the search for an audience is called. Names of audiences may come from events and say something about people, so
 * they are shown as a fingerprint.
 */
export function audienceSearchName(target: AudienceTarget): string {
  return target.kind === 'id' ? audienceLaneName(target.id) : `audience named ${fingerprint(target.name)}`;
}
