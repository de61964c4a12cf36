import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Broker } from './broker.ts';
import { type Program, startProgram } from './program.ts';
import { scratch } from './scratch.ts';

export interface Destination {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly subscriptions: readonly Readonly<Record<string, unknown>>[];
}

/** Orders to one pixel by the default mapping. */
export const purchases: Destination = { subscriptions: [{ name: 'Orders', action: 'purchase' }] };

/** Events of any name to one pixel. */
export const taps: Destination = {
  subscriptions: [
    {
      name: 'Taps',
      action: 'custom-event',
      trigger: 'type = "track"',
      mapping: { event_name: { '@path': '$.event' } },
    },
  ],
};

/** Members to one audience. */
export const audience: Destination = {
  settings: { ad_account_id: '77' },
  subscriptions: [
    {
      name: 'Members',
      action: 'sync-audience',
      mapping: { audience_id: '120211' },
    },
  ],
};

export interface Reading {
  readonly broker: Broker;
  readonly topic: string;
  /** As of `ProgramOptions`. */
  readonly metered?: boolean;
}

/**
 * Starts `meta-actions run` as users do. Its group is new, and named by the caller when several are to share it. `folder`
 * holds another program than that of this repository.
 */
export function startProduct(
  { broker, topic, metered = true }: Reading,
  sinkUrl: string,
  destination: Destination,
  environment: Readonly<Record<string, string>> = {},
  folder?: string,
): Program {
  return startProgram({
    metered,
    ...(folder !== undefined && { folder }),
    arguments: [program, 'run', '--mappings', mappingsOf(destination)],
    environment: {
      KAFKA_BROKERS: broker.addresses.join(','),
      KAFKA_TOPICS: topic,
      KAFKA_GROUP_ID: freshGroup(),
      KAFKA_FROM: 'earliest',
      // The embedded broker ends a rebalance only when the session is nearly over.
      KAFKA_SESSION_TIMEOUT_MS: broker.kind === 'embedded' ? '4000' : '45000',
      ...productEnvironment(sinkUrl),
      ...environment,
    },
  });
}

/** Starts `meta-actions run --source file:PATH --once`, from the file's beginning. */
export function startProductOnFile(file: string, sinkUrl: string, destination: Destination): Program {
  rmSync(`${file}.offset`, { force: true });
  return startProgram({
    arguments: [program, 'run', '--mappings', mappingsOf(destination), '--source', `file:${file}`, '--once'],
    environment: productEnvironment(sinkUrl),
  });
}

const program = 'bin/meta-actions.js';

export function productEnvironment(sinkUrl: string): Readonly<Record<string, string>> {
  return { META_GRAPH_URL: sinkUrl, META_ACCESS_TOKEN: 'bench-token' };
}

let groups = 0;

export function freshGroup(): string {
  groups += 1;
  return `bench.${process.pid}.${Date.now()}.${groups}`;
}

/** A folder with one destination file. */
export function mappingsOf({ settings, subscriptions }: Destination): string {
  const folder = scratch('mappings');
  const file = {
    name: 'shop',
    settings: { pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' }, ...settings },
    subscriptions,
  };
  writeFileSync(join(folder, 'shop.json'), JSON.stringify(file, null, 2));
  return folder;
}
