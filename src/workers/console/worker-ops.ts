import type { Api, OpenApi } from '../../api/api.ts';
import type { Call, Handler } from '../../api/server/handler.ts';
import { isRefused } from '../../api/server/handler.ts';
import type { TrafficNewsCollector } from '../../api/traffic/news.ts';
import type { OpsParts } from '../../connector/ops-service.ts';
import type { OpsServer } from '../../observe/ops-server.ts';
import type { ApiCall } from '../messages.ts';
import { createWorkerHolds } from '../run-holds.ts';
import { factsOf } from '../worker-facts.ts';
import type { WorkerSide } from '../worker-side.ts';

const newsMillis = 1_000;

/** Instead of an ops server of its own, a worker answers the supervisor, which has the one of all. */
export function answersSupervisor(
  side: WorkerSide,
  api: Pick<Api, 'open'>,
  news: TrafficNewsCollector,
): (parts: OpsParts) => Promise<OpsServer> {
  return async ({ metrics, readiness, inside }) => {
    const opened = api.open(inside);
    const holds = createWorkerHolds(inside.holds);
    holds.begin(await side.held());

    function tellNews(): void {
      const latest = news.take(inside.changedAudiences());
      if (latest !== undefined) side.tell(latest);
    }
    /** What was counted goes ahead, so that it is there when the answer is. */
    const facts = () => {
      const current = factsOf(inside, opened.member());
      tellNews();
      return current;
    };
    const timer = setInterval(() => {
      tellNews();
      holds.sweep();
    }, newsMillis);
    timer.unref();

    side.answer('figures', async () => ({
      metrics: await metrics.values(),
      readiness: await readiness(),
      facts: facts(),
    }));
    side.answer('facts', facts);
    side.answer('refused', (message) => {
      inside.telemetry.emit({ kind: 'config_refused', message });
      return true;
    });
    side.answer('hold', (order) => {
      holds.take(order);
      return true;
    });
    side.answer('audiences', (names) => names.map(({ destination, id }) => inside.askAudience(destination, id)));
    side.answer('call', (call, signal) => answerOf(opened, call, signal));
    side.serveDecisions((query, tell) => readDecisions(opened, query, tell));
    return {
      url: '',
      async close() {
        clearInterval(timer);
        tellNews();
        await opened.close();
      },
    };
  };
}

async function answerOf(opened: OpenApi, { name, ...call }: ApiCall, signal: AbortSignal): Promise<unknown> {
  const handlers = await opened.handlers();
  if (!Object.hasOwn(handlers, name)) throw new Error(`a worker answers no ${name}`);
  const handler = handlers[name as keyof typeof handlers] as Handler<never>;
  // The supervisor has checked it by the route's shapes.
  return handler({ ...call, signal } as Call<never>);
}

function readDecisions({ decisions }: OpenApi, query: unknown, tell: (decision: unknown) => void): () => void {
  const opened = decisions({ query } as Call<'decisions'>);
  if (isRefused(opened)) return () => undefined;
  return opened({
    send(_event, decision) {
      tell(decision);
      return true;
    },
  });
}
