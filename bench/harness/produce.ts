import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { SinkProcess } from './sink-process.ts';

export type EventKind = 'orders' | 'members' | 'taps';

export interface ProduceOrder {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly count: number;
  /** Its number; the others follow. Default 0. */
  readonly first?: number;
  readonly kind: EventKind;
  /** Of an order at least. */
  readonly bytes: number;
  /** Of ten events so many have one key, and so are in one partition. Default 0. */
  readonly hotOfTen?: number;
  /** Events per second. Default: as fast as it goes. */
  readonly rate?: number;
  /** At most so many that the sink hasn't got. */
  readonly window?: number;
}

export type ProducerMessage =
  | { readonly kind: 'produce'; readonly order: ProduceOrder }
  | { readonly kind: 'arrived'; readonly count: number };

/** Resolves when the broker has everything (bench/producer.ts). */
export async function produce(order: ProduceOrder, sink?: SinkProcess): Promise<void> {
  const child = fork(resolve(import.meta.dirname, '../producer.ts'), { execArgv: [] });
  const tell = (message: ProducerMessage) => child.connected && child.send(message);
  tell({ kind: 'produce', order });
  const silence = sink?.onReceived((count) => tell({ kind: 'arrived', count }));
  const [code] = (await once(child, 'exit')) as [number | null];
  silence?.();
  if (code !== 0) throw new Error(`the producer ended with ${code}`);
}
