import { describe, expect, it } from 'vitest';
import { createExternalIds } from '../../../src/sandbox/audiences/external-ids.ts';

const dayMillis = 24 * 3_600_000;

describe('external ids', () => {
  it('stand for every key that they were uploaded with', () => {
    const ids = createExternalIds(10);
    ids.note('u', ['u', 'e1'], 0);
    ids.note('u', ['u', 'e2'], 0);
    expect(ids.keysOf('u', 0)).toEqual(['u', 'e1', 'e2']);
    expect(ids.keysOf('v', 0)).toBeUndefined();
  });

  it('are forgotten 90 days after the last upload, with what they stood for', () => {
    const ids = createExternalIds(10);
    ids.note('u', ['u', 'e1'], 0);
    expect(ids.keysOf('u', 90 * dayMillis)).toEqual(['u', 'e1']);
    expect(ids.keysOf('u', 90 * dayMillis + 1)).toBeUndefined();
    ids.note('u', ['u', 'e2'], 91 * dayMillis);
    expect(ids.keysOf('u', 91 * dayMillis)).toEqual(['u', 'e2']);
  });

  it('above the capacity stand for themselves', () => {
    const ids = createExternalIds(1);
    ids.note('u', ['u', 'e1'], 0);
    ids.note('v', ['v', 'e2'], 0);
    expect([ids.keysOf('u', 0), ids.keysOf('v', 0)]).toEqual([['u', 'e1'], ['v']]);
  });
});
