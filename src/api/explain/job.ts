import type { Problem } from '../../config/document.ts';
import type { RecordKind } from '../../core/record-kind.ts';
import type { Explanation } from '../../explain/explain-event.ts';

/** A record as it travels to the worker. */
export interface ExplainedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly value: Uint8Array | null;
  readonly key: Uint8Array | null;
  /** As text; of a repeated one all values. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** What is to be explained, and by which files. */
export interface ExplainJob {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** A folder of actions beside those of the product. */
  readonly actions?: string;
  readonly records: readonly ExplainedRecord[];
  readonly envelope: readonly string[];
  /** As of `TopicDecoding`. */
  readonly unpack?: readonly string[];
  /** What the key of the record says, where it isn't plain text. */
  readonly key?: { readonly value: unknown };
  readonly format: RecordKind;
  readonly maxRecordBytes: number;
  readonly destination?: string | undefined;
  readonly subscription?: string | undefined;
  /** Unix milliseconds. */
  readonly now: number;
  readonly showIdentifiers: boolean;
  /** Explanations at most. */
  readonly most: number;
}

export interface ExplainResult {
  readonly explanations: readonly Explanation[];
  readonly problems: readonly Problem[];
}
