import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { expect, it, vi } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { createReplay } from '../../src/replay/replay.ts';

it('leaves no observer of the process behind when it runs inside of a connector', async () => {
  const observe = vi.spyOn(PerformanceObserver.prototype, 'observe');
  try {
    const nothing = async () => undefined;
    const replay = createReplay({
      settings: readSettings({ LOG_LEVEL: 'silent' }),
      destinations: [],
      deadLetters: `file:${join(mkdtempSync(join(tmpdir(), 'replay-')), 'dead-letters.ndjson')}`,
      matches: () => true,
      limit: 1,
      sources: [],
      force: false,
      inside: { deadLetterQueue: { open: nothing, write: nothing, close: nothing } },
    });
    await replay.connector.stop();
    await replay.close();
    expect(observe).not.toHaveBeenCalled();
  } finally {
    observe.mockRestore();
  }
});
