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

describe('the thread that explains', () => {
  it('takes one job after the other, and turns away what too many ask at once', async () => {
    explainer = createExplainer();
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
});
