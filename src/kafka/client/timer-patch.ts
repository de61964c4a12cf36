import { createRequire } from 'node:module';
import { installedVersion, isPatchable } from './installed-version.ts';

const require = createRequire(import.meta.url);

/** What the patch touches of kafkajs's request queue. */
interface RequestQueue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  readonly pending: readonly unknown[];
  checkPendingRequests(): void;
}

const CHECK_INTERVAL_MILLIS = 10;

/**
 * Stops the timer loop of kafkajs 2.2: its queue sets a timer for requests that wait even when none does, with a
 * negative time, so Node runs it at once and warns, about 900 times a second and connection. Ours sets one only when
 * something is pending or the broker throttles. Any other version is left alone.
 *
 * @returns whether the patch applies to the kafkajs that is installed
 */
export function patchIdleTimers(version: string = installedVersion()): boolean {
  if (!isPatchable(version)) return false;
  const queue = require('kafkajs/src/network/requestQueue') as { prototype: { scheduleCheckPendingRequests(): void } };
  queue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    const throttledMillis = this.throttledUntil - Date.now();
    if (this.throttleCheckTimeoutId !== null) return;
    if (this.pending.length === 0 && throttledMillis <= 0) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttledMillis > 0 ? throttledMillis : CHECK_INTERVAL_MILLIS,
    );
  } as () => void;
  return true;
}

/**
 * Never asks for a newer version of LeaveGroup than this, in the whole process. librdkafka's mock cluster misreads
 * version 3, and a member that can't leave blocks the group until its session times out. Brokers don't need it.
 */
export function limitLeaveGroup(maxVersion: number): void {
  const request = require('kafkajs/src/protocol/requests/leaveGroup') as { versions: string[] };
  request.versions = request.versions.filter((version) => Number(version) <= maxVersion);
}
