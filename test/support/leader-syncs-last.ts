import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const require = createRequire(import.meta.url);

interface SyncRequest {
  /** Everybody's share, from the leader; empty from the others. */
  readonly groupAssignment: readonly unknown[];
}
type Sync = (this: object, request: SyncRequest) => Promise<unknown>;

/** What the others need to ask for their share, on a machine that is busy. */
const headStartMillis = 500;
const patched = Symbol('leader syncs last');

/**
 * In this process, the leader of a group of several tells the shares a little later. librdkafka's mock cluster takes a
 * group for settled as soon as the leader has told them, and refuses a member that asks for its share after that with
 * INVALID_REQUEST, which a broker doesn't.
 */
export function leaderSyncsLast(): void {
  const { prototype } = require('kafkajs/src/broker') as { prototype: { syncGroup: Sync; [patched]?: true } };
  if (prototype[patched] === true) return;
  prototype[patched] = true;
  const sync = prototype.syncGroup;
  prototype.syncGroup = async function (request) {
    if (request.groupAssignment.length > 1) await sleep(headStartMillis);
    return sync.call(this, request);
  };
}
