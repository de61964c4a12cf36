import type { JsonObject } from '../core/json.ts';
import type { GraphCall } from './graph-call.ts';
import type { GraphError } from './graph-errors.ts';

/** A call that an edge has judged. Nothing is stored before `apply`, so that a fault can come between. */
export type Judged =
  | { readonly kind: 'refused'; readonly error: GraphError }
  | {
      readonly kind: 'accepted';
      /** Stores what was sent, or the first `limit` of it, and returns the answer's body. */
      apply(request: number, limit?: number): JsonObject;
    };

/** One edge of a Graph object: a method and the last part of its path, as in `POST /{version}/{object}/events`. */
export interface Edge {
  readonly method: string;
  readonly name: string;
  /** Is called with a valid token and version. */
  judge(call: GraphCall, objectId: string): Judged;
}
