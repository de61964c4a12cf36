import { afterEach, describe, expect, it } from 'vitest';
import { createExplainer, type Explainer } from '../../src/api/explain/explainer.ts';
import type { ExplainJob } from '../../src/api/explain/job.ts';

let explainer: Explainer | undefined;
afterEach(() => explainer?.close());

const job: ExplainJob = {
  files: [],
  records: [],
  envelope: [],
  format: 'events',
  maxRecordBytes: 1_000,
  now: 0,
  showIdentifiers: false,
  most: 1,
};

/** How fast the machine is decides nothing. */
const patient = { maxMillis: 120_000, idleMillis: 1_000 };

describe('the thread that explains', () => {
  it('takes one job after the other, whatever was the matter with one, and turns away what too many ask at once', async () => {
    explainer = createExplainer(patient);
    // Nothing that could be copied to the thread.
    expect(await explainer.explain({ ...job, key: { value: () => 'no data' } })).toEqual({ kind: 'failed' });
    const asked = Array.from({ length: 20 }, () => explainer?.explain(job));
    const kinds = (await Promise.all(asked)).map((explained) => explained?.kind);
    expect(kinds.filter((kind) => kind === 'explained')).toHaveLength(8);
    expect(kinds.filter((kind) => kind === 'busy')).toHaveLength(12);
  });

  it('gives up what takes too long, and explains the next', async () => {
    explainer = createExplainer({ maxMillis: 0, idleMillis: 1_000 });
    expect(await explainer.explain(job)).toEqual({ kind: 'too_long' });
    expect(await explainer.explain(job)).toEqual({ kind: 'too_long' });
  });

  it('reads a record as its topic is read: its key, a list of events in it, what Kafka Connect says of a value', async () => {
    explainer = createExplainer(patient);
    const settings = { ad_account_id: '1', access_token: { $env: 'TOKEN' } };
    const mapping = {
      audience_id: '33',
      external_id: { '@path': '$.context.kafka.key.id' },
      db: { '@path': '$.properties.born' },
    };
    const subscriptions = [{ name: 'Customers', action: 'sync-audience', topics: ['rows'], mapping }];
    const schema = {
      type: 'struct',
      fields: [
        {
          field: 'changes',
          type: 'array',
          items: { type: 'struct', fields: [{ field: 'born', type: 'int32', name: 'io.debezium.time.Date' }] },
        },
      ],
    };
    const message = { schema, payload: { changes: [{ born: 7641 }, { born: 0 }] } };
    const place = { topic: 'rows', partition: 0, offset: 0, timestamp: 0, headers: {} };
    const explained = await explainer.explain({
      ...job,
      files: [{ path: 'crm.json', text: JSON.stringify({ name: 'crm', settings, subscriptions }) }],
      records: [{ ...place, key: Buffer.from('bytes'), value: Buffer.from(JSON.stringify(message)) }],
      envelope: ['payload'],
      unpack: ['changes'],
      format: 'rows',
      now: Date.UTC(2026, 4, 6),
      key: { value: { id: 'c-1' } },
      showIdentifiers: true,
      most: 10,
    });
    const found = explained.kind === 'explained' ? explained.result : undefined;
    expect(found?.problems).toEqual([]);
    const told = found?.explanations.map(({ deliveries: [delivery] }) => delivery?.identifiers);
    expect(told).toEqual([
      expect.objectContaining({ external_id: ['c-1'], db: ['19901203'] }),
      expect.objectContaining({ external_id: ['c-1'], db: ['19700101'] }),
    ]);
  });
});
