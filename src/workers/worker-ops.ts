import type { OpsParts } from '../connector/connector.ts';
import type { OpsServer } from '../observe/ops-server.ts';
import type { WorkerSide } from './worker-side.ts';

/** Instead of an ops server of its own, a worker answers the supervisor, which has the one of all. */
export function answersSupervisor(side: WorkerSide): (parts: OpsParts) => Promise<OpsServer> {
  return async ({ metrics, readiness, inside }) => {
    side.answer('figures', async () => ({
      metrics: await metrics.values(),
      lanes: inside.lanes(),
      partitions: inside.partitions().length,
      readiness: await readiness(),
    }));
    return { url: '', close: async () => undefined };
  };
}
