import { describe, expect, it } from 'vitest';
import { sandboxRules } from '../../../src/sandbox/graph/options.ts';
import { createRequestLog } from '../../../src/sandbox/graph/request-log.ts';

const plain = { time: 0, method: 'POST', path: '/', query: {}, headers: {}, tokenInUrl: false, events: 1 };

function request(bytes: number) {
  return { ...plain, bytes, body: { kind: 'json' as const, bytes: Buffer.alloc(bytes, '1') } };
}

describe('bodies', () => {
  it('are forgotten, oldest first, when they are too many bytes', () => {
    const log = createRequestLog(sandboxRules({ keepRequestBytes: 250 }));
    for (let count = 0; count < 4; count += 1) log.add(request(100));
    expect([...log.entries()].map(({ body }) => body?.bytes.length)).toEqual([undefined, undefined, 100, 100]);
  });

  it('leave room again when their request goes', () => {
    const log = createRequestLog(sandboxRules({ keepRequests: 2, keepRequestBytes: 250 }));
    for (let count = 0; count < 50; count += 1) log.add(request(100));
    expect([...log.entries()].map(({ body }) => body?.bytes.length)).toEqual([100, 100]);
  });

  it('are kept by their start when one is very large', () => {
    const log = createRequestLog(sandboxRules({}));
    const entry = log.add(request(5 * 1024 * 1024));
    expect([entry.cut, entry.body?.kind, entry.body?.bytes.length]).toEqual([true, 'text', 4 * 1024 * 1024]);
  });
});

it('an answer that comes after a reset is not counted', () => {
  const log = createRequestLog(sandboxRules({}));
  const entry = log.add(request(1));
  log.clear();
  log.answered(entry, { status: 400, error: '100' });
  expect(log.counts()).toEqual({ total: 0, byStatus: {}, byCode: {}, unanswered: 0, tokensInUrl: 0 });
});
