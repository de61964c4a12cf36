import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { purchaseMappings } from '../support/connector-process.ts';
import { orderRecord } from '../support/orders.ts';
import type { Membership } from './evidence.ts';

/** What is produced in a run, and who turns it into requests. */
export interface Workload {
  /** The folder of the mappings. */
  mappings(batch: object): string;
  /** The `index`th record of a run. */
  record(run: string, index: number): WorkloadRecord;
  /** Who must be in which audience after the first `count` records. */
  readonly audience?: string;
  members?(count: number): Membership['expected'];
}

export interface WorkloadRecord {
  readonly key: string;
  readonly value: Buffer;
  readonly eventId?: string;
  readonly code?: string;
}

export const orders: Workload = {
  mappings: (batch) => purchaseMappings({ batch }),
  record: orderRecord,
};

/** Orders that must all arrive. */
export const soundOrders: Workload = {
  ...orders,
  record: (run, index) => ({ ...orderRecord(run, index * 250), ...{ key: `user-${index % 977}` } }),
};

/** Every tenth has no value, which is found before it is sent; a subscription of which half is so stops early. */
export const tenthBroken: Workload = {
  mappings: (batch) => purchaseMappings({ batch, fuse: { share: 0.5, minimum: 10 } }),
  record: (run, index) => ({
    ...orderRecord(run, index * 250 + (index % 10 === 9 ? 100 : 0)),
    ...{ key: `user-${index % 977}` },
  }),
};

/** `joins(index)` tells what the record does, `user(index)` to whom. */
export function members(change: {
  readonly user: (index: number) => number;
  readonly joins: (index: number) => boolean;
}): Workload {
  const record = (run: string, index: number): WorkloadRecord => {
    const user = `user-${change.user(index)}`;
    const event = {
      type: 'identify',
      messageId: `${run}-${index}`,
      userId: user,
      traits: { email: `${user}@shop.example`, gold: change.joins(index) },
      context: { personas: { computation_key: 'gold' } },
    };
    return { key: user, value: Buffer.from(JSON.stringify(event)) };
  };
  return {
    audience: 'gold',
    record,
    mappings() {
      const folder = mkdtempSync(join(tmpdir(), 'audiences-'));
      const destination = {
        name: 'crm',
        settings: {
          ad_account_id: '77',
          access_token: { $env: 'META_ACCESS_TOKEN' },
          batch: { linger_ms: 200, max_rows: 500 },
        },
        subscriptions: [{ name: 'Members', action: 'sync-audience' }],
      };
      writeFileSync(join(folder, 'crm.json'), JSON.stringify(destination));
      return folder;
    },
    members(count) {
      const last = new Map<string, boolean>();
      for (let index = 0; index < count; index++) last.set(`user-${change.user(index)}`, change.joins(index));
      return new Set([...last].flatMap(([user, joined]) => (joined ? [user] : [])));
    },
  };
}
