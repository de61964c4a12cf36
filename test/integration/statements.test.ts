import { describe, test } from 'vitest';
import { checkSent } from '../coverage/outcome.ts';
import { runs } from '../coverage/runs.ts';

describe('what users of other products expect, from a record to Meta over HTTP', () => {
  test.each(Object.entries(runs))('the run "%s"', async (_, expected) => {
    await checkSent(expected);
  });
});
