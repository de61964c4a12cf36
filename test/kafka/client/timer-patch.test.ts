import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { installedVersion } from '../../../src/kafka/client/installed-version.ts';
import { patchIdleTimers } from '../../../src/kafka/client/timer-patch.ts';

const require = createRequire(import.meta.url);
type Queue = { pending: unknown[]; throttledUntil: number; throttleCheckTimeoutId: NodeJS.Timeout | null } & {
  scheduleCheckPendingRequests(): void;
  checkPendingRequests(): void;
  destroy(): void;
};
const RequestQueue = require('kafkajs/src/network/requestQueue') as new (options: object) => Queue;

function queue(): Queue {
  const logger = { debug: () => undefined };
  return new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1, clientId: 'c', broker: 'b', logger });
}

describe('the timer patch', () => {
  it('applies to the kafkajs that is installed, and to no other line of versions', () => {
    expect(installedVersion()).toMatch(/^2\.2\./);
    expect(patchIdleTimers()).toBe(true);
    expect(patchIdleTimers('2.3.0')).toBe(false);
    expect(patchIdleTimers('3.0.0')).toBe(false);
  });

  it('sets no timer when nothing waits', () => {
    patchIdleTimers();
    const idle = queue();
    idle.checkPendingRequests();
    expect(idle.throttleCheckTimeoutId).toBeNull();
  });

  it('still looks again when requests wait or the broker throttles', async () => {
    patchIdleTimers();
    const waiting = queue();
    let checks = 0;
    waiting.checkPendingRequests = () => void checks++;
    waiting.pending.push({});
    waiting.scheduleCheckPendingRequests();
    const throttled = queue();
    throttled.throttledUntil = Date.now() + 30;
    throttled.checkPendingRequests = () => void checks++;
    throttled.scheduleCheckPendingRequests();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(checks).toBe(2);
  });
});
