import type { AudienceTarget, AudienceUpdate } from '../core/audience.ts';
import { encodedChange } from '../core/encoded-change.ts';
import type { Destination } from '../core/subscription.ts';
import { usersEdge, usersRequest } from '../meta/audiences/users-request.ts';
import { bareRow, requestsOf } from '../pipeline/audience/requests.ts';

export interface ExplainedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/**
 * The requests that the changes of one event would be, alone; sessions aside. An audience by name is `{audience:NAME}`, as
 * far as `showName` shows it.
 */
export function audienceRequests(
  destination: Destination,
  updates: readonly AudienceUpdate[],
  showName: (name: string) => string,
): readonly ExplainedRequest[] {
  const { apiVersion, batch } = destination.settings;
  return updates.flatMap(({ target, settings, changes, session }) => {
    const queued = changes.map((change) => ({ ...encodedChange(change), settings, destination: destination.name }));
    const requests = [...requestsOf('', queued, batch, bareRow, session)];
    return requests.flatMap((rows) => {
      const [first] = rows;
      if (first === undefined) return [];
      const { method, body } = usersRequest(apiVersion, first.terms, rows, undefined);
      const path = `/${apiVersion}/${shown(target, showName)}/${usersEdge(first.terms.operation)}`;
      return [{ method, path, body: JSON.parse(body.toString('utf8')) as unknown }];
    });
  });
}

function shown(target: AudienceTarget, showName: (name: string) => string): string {
  return target.kind === 'id' ? target.id : `{audience:${showName(target.name)}}`;
}
