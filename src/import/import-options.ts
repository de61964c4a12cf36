import type { Action } from '../core/action.ts';

export interface ImportOptions {
  readonly actions: ReadonlyMap<string, Action>;
  /** What ids of actions mean, as the user says it: the key of an action of ours by their id. */
  readonly actionIds: ReadonlyMap<string, string>;
  /** Fields that the export doesn't map keep the default they have here. */
  readonly keepDefaults: boolean;
}
