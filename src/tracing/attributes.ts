import type { Attributes } from '@opentelemetry/api';

/** What all spans say of the process. */
export interface TracedProcess {
  /** Of the conventions: `kafka`; absent: the records come from a file. */
  readonly system?: 'kafka';
  readonly group?: string;
  readonly graphUrl: string;
}

/** Says that a span has fewer links than it would. */
export function leftOutAttribute(leftOut: number): Attributes {
  return leftOut === 0 ? {} : { 'meta_actions.links_left_out': leftOut };
}
