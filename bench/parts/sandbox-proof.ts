import { setTimeout as sleep } from 'node:timers/promises';
import { createSandbox } from '../../src/sandbox/server.ts';
import type { Broker } from '../harness/broker.ts';
import { startFloor } from '../harness/floor-program.ts';
import { produce } from '../harness/produce.ts';
import { purchases, startProduct } from '../harness/product.ts';

const patienceMillis = 60_000;

/**
 * The sink of the measurements counts and checks nothing else. So the same events go once, from product and floor, to
 * the sandbox, which refuses what Meta would refuse. Throws unless it took each of them.
 */
export async function provenBySandbox(broker: Broker, count: number): Promise<void> {
  // Of what the embedded broker keeps.
  const most = broker.kind === 'embedded' ? Math.min(count, 4_000) : count;
  const sandbox = createSandbox({ keepRequests: 1, keepEvents: 1 });
  const url = await sandbox.listen();
  try {
    const topic = await broker.topic('proof');
    await produce({ brokers: broker.addresses, topic, count: most, kind: 'orders', bytes: 0 });
    for (const start of [
      () => startProduct({ broker, topic }, url, purchases),
      () => startFloor({ broker, topic }, url, 'orders'),
    ]) {
      const program = start();
      let running = true;
      void program.ended.then(() => {
        running = false;
      });
      const until = Date.now() + patienceMillis;
      while (running && sandbox.state.summary().events.unique < most && Date.now() < until) await sleep(50);
      await program.stop();
      const { unique } = sandbox.state.summary().events;
      if (unique !== most) throw new Error(`the sandbox took ${unique} of ${most} events: ${program.log()}`);
      await fetch(`${url}/_sandbox/reset`, { method: 'POST', headers: { 'content-type': 'application/json' } });
    }
    await broker.forget(topic);
  } finally {
    await sandbox.close();
  }
}
