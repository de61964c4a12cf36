import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCredentialsWatch } from '../../src/delivery/credentials-watch.ts';

describe('the watch over credentials', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function setUp() {
    const state = { token: 'one', blocked: true, changes: 0, reads: 0 };
    const watch = createCredentialsWatch({
      secrets: () => [
        {
          origin: 'test',
          read: () => {
            state.reads += 1;
            if (state.token === '') throw new Error('no such file');
            return state.token;
          },
        },
      ],
      needed: () => state.blocked,
      changed: () => {
        state.changes += 1;
      },
    });
    watch.start();
    return { state, watch };
  }

  it('tells when a token was replaced while a lane is blocked, also after it was missing for a while', () => {
    const { state, watch } = setUp();
    vi.advanceTimersByTime(3000);
    expect(state.changes).toBe(0);
    state.token = '';
    vi.advanceTimersByTime(1000);
    state.token = 'two';
    vi.advanceTimersByTime(1000);
    expect(state.changes).toBeGreaterThan(0);
    watch.stop();
  });

  it('reads nothing while no lane is blocked', () => {
    const { state, watch } = setUp();
    state.blocked = false;
    vi.advanceTimersByTime(5000);
    expect(state.reads).toBe(0);
    watch.stop();
  });
});
