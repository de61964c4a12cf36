import type { JsonObject } from '../../core/json.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { GraphError } from '../graph/graph-errors.ts';

/** What every check of an event may look at. */
export interface EventScope {
  /** The event's place in `data`. */
  readonly index: number;
  /** Unix seconds. */
  readonly nowSeconds: number;
  readonly strictIdentifiers: boolean;
  readonly requireActionSource: boolean;
  readonly diagnostics: Diagnostics;
}

/** One rule of Meta's: the error that refuses the whole request, or undefined. */
export type EventCheck = (event: JsonObject, scope: EventScope) => GraphError | undefined;
