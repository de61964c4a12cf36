import type { JsonObject } from '../../core/json.ts';
import type { GraphCall } from './graph-call.ts';
import type { GraphError } from './graph-errors.ts';

/** A call that a rule refused. */
export interface Refused {
  readonly kind: 'refused';
  readonly error: GraphError;
}

/** A call that an edge has judged. Nothing is stored before `apply`, so that a fault can come between. */
export type Judged =
  | Refused
  | {
      readonly kind: 'accepted';
      /** Stores what was sent, or the first `limit` of it, and returns the answer's body. */
      apply(request: number, limit?: number): JsonObject;
      /** The body of the answer has the trace id too; its header always has. */
      readonly traced?: boolean;
    };

/**
 * One edge of a Graph object: a method and the last part of its path, as in `POST /{version}/{object}/events`. The
 * name of a node itself, `GET /{version}/{object}`, is empty.
 */
export interface Edge {
  readonly method: string;
  readonly name: string;
  /** It belongs to no object: `GET /{version}/debug_token`, whose name is then the object id. */
  readonly isRoot?: true;
  /** Is called with a valid token and version. */
  judge(call: GraphCall, objectId: string): Judged;
}

export function refused(error: GraphError): Refused {
  return { kind: 'refused', error };
}
