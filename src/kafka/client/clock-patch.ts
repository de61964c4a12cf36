import { createRequire } from 'node:module';
import { installedVersion, isPatchable } from './installed-version.ts';

const require = createRequire(import.meta.url);

/** What the patch touches of kafkajs's member of a group. */
interface ConsumerGroup {
  lastRequest: number;
  heartbeat(options: { interval: number }): Promise<void>;
}

let isPatched = false;

/**
 * kafkajs 2.2 counts the time between heartbeats by the wall clock: one that is set back by an hour would keep it from
 * sending any for an hour, and the group would count the member out. With the patch the next one goes at once. Any other
 * version is left alone.
 *
 * @returns whether the patch applies to the kafkajs that is installed
 */
export function patchHeartbeats(version: string = installedVersion()): boolean {
  if (!isPatchable(version)) return false;
  if (isPatched) return true;
  isPatched = true;
  const { prototype } = require('kafkajs/src/consumer/consumerGroup') as { prototype: ConsumerGroup };
  const original = prototype.heartbeat;
  prototype.heartbeat = function (options): Promise<void> {
    if (Date.now() < this.lastRequest) this.lastRequest = 0;
    return original.call(this, options);
  };
  return true;
}
