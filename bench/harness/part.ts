import type { Broker } from './broker.ts';
import type { PartResult } from './results.ts';
import type { SinkProcess } from './sink-process.ts';

/** What parts share. Both are started when the first part asks for them. */
export interface Bench {
  kafka(): Promise<Broker>;
  embedded(): Promise<Broker>;
  sink(): Promise<SinkProcess>;
  /** Of the full size, at least `least`: `--scale 0.1` proves the harness on a busy machine. */
  scaled(full: number, least?: number): number;
  /** One line of progress. */
  tell(line: string): void;
}

export type Part = (bench: Bench) => Promise<PartResult>;
