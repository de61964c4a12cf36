import type { Choice } from '../command/chosen.ts';
import type { MappingsOptions } from '../command/mappings-option.ts';

/** What the command line says about how events are explained. */
export interface ExplainOptions extends MappingsOptions, Choice {
  readonly trigger?: string;
  readonly mapping?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly summary?: boolean;
  readonly showIdentifiers?: boolean;
  readonly topic?: string;
  readonly source?: string;
  readonly from?: string;
  readonly limit: number;
}
